// SPDX-License-Identifier: Apache-2.0
// All subjects in one process, against one node: a node needs longer to start than a subject to be tested.

import './connection.test.js';
import './hashing.test.js';
import './client.test.js';
import './metadata.test.js';
import './records.test.js';
import './logs.test.js';
import './membership.test.js';
import './subjects.test.js';
import './council.test.js';
import './runtime-api.test.js';
import './rpc.test.js';
import './discover.test.js';
import './vendors.test.js';
