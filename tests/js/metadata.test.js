// SPDX-License-Identifier: Apache-2.0
// Names that wallets and vendors use: calls, events and errors are there, with their fields and documentation.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeChain } from './chain.js';

const PALLETS = {
	0: 'System', 1: 'ParachainSystem', 2: 'ParachainInfo', 3: 'Timestamp', 4: 'WeightReclaim',
	10: 'Balances', 11: 'TransactionPayment',
	20: 'Authorship', 21: 'CollatorSelection', 22: 'Session', 23: 'Aura', 24: 'AuraExt',
	30: 'Utility', 31: 'Proxy', 32: 'Multisig', 33: 'Preimage', 34: 'Scheduler',
	40: 'Council', 41: 'Upgrades', 50: 'Registry', 51: 'Subjects', 60: 'Ehr',
};

const CALLS = {
	ehr: [
		'anchor', 'amend', 'markEnteredInError', 'settleDeposit', 'openLog', 'checkpoint', 'dispute', 'withdrawDispute',
		'resolveDispute', 'requestAmendment', 'acceptAmendment', 'denyAmendment', 'disagree', 'rebut', 'placeHold',
		'liftHold', 'stateRetention', 'attestErasure', 'deprecateSuite', 'forbidSuite', 'checkpointFor', 'renewLog',
		'deprecateTree', 'forbidTree',
	],
	registry: [
		'apply', 'withdrawApplication', 'admitOrganisation', 'refuseApplication', 'suspendOrganisation',
		'reinstateOrganisation', 'expelOrganisation', 'leave', 'rotateController', 'replaceController',
		'recogniseIssuer', 'withdrawIssuer', 'distrustIssuer', 'issueLicence', 'renewLicence', 'suspendLicence',
		'reinstateLicence', 'revokeLicence', 'distrustLicence', 'addMember', 'changeMember', 'removeMember', 'resign',
		'allot', 'fundMember', 'offerSuccession', 'withdrawSuccession', 'declineSuccession', 'acceptSuccession',
	],
	subjects: [
		'enrol', 'proveKey', 'rotateKey', 'startRebind', 'confirmRebind', 'contestRebind', 'completeRebind',
		'withdrawRebind', 'resolveRebind', 'declareDeceased', 'merge', 'reinstate', 'relay',
	],
};

const EVENTS = {
	ehr: [
		'RecordAnchored', 'RecordAmended', 'RecordEnteredInError', 'DepositSettled', 'LogOpened', 'LogCheckpointed',
		'RecordDisputed', 'DisputeWithdrawn', 'DisputeResolved', 'AmendmentRequested', 'AmendmentAccepted', 'AmendmentDenied',
		'DisagreementStated', 'DisagreementRebutted', 'HoldPlaced', 'HoldLifted', 'RetentionStated', 'ErasureAttested',
		'RecordErased', 'SuiteDeprecated', 'SuiteForbidden', 'LogRenewed', 'TreeDeprecated', 'TreeForbidden',
	],
	registry: [
		'OrganisationApplied', 'ApplicationWithdrawn', 'ApplicationRefused', 'OrganisationAdmitted',
		'OrganisationSuspended', 'OrganisationReinstated', 'OrganisationLeft', 'OrganisationExpelled',
		'ControllerRotated', 'IssuerRecognised', 'IssuerWithdrawn', 'IssuerDistrusted', 'LicenceIssued',
		'LicenceRenewed', 'LicenceSuspended', 'LicenceReinstated', 'LicenceRevoked', 'LicenceDistrusted',
		'MemberAdded', 'MemberChanged', 'MemberRemoved', 'MemberResigned', 'TokensAllotted', 'MemberFunded',
		'SuccessionOffered', 'SuccessionWithdrawn', 'SuccessionDeclined', 'SuccessionAccepted',
		'MembershipLapsed',
	],
	subjects: [
		'SubjectEnrolled', 'KeyProven', 'KeyRotated', 'RebindStarted', 'RebindConfirmed', 'RebindContested',
		'RebindClosed', 'SubjectDeceased', 'SubjectMerged', 'SubjectReinstated', 'ActRelayed', 'FeeWaived',
	],
};

const ERRORS = {
	ehr: [
		'NotFound', 'NotAuthorised', 'AlreadyExists', 'WrongState', 'WrongVersion', 'TooManyVersions', 'LogShrinks',
		'ForkedHead', 'TooManyEntries', 'InvalidProof', 'DepositOwed', 'InvalidLink', 'TooManyActs', 'NotAmended',
		'NotProlonged', 'Held', 'Disputed', 'Retained', 'Erased', 'SuiteForbidden', 'BeyondCalendar', 'WrongTree', 'LastTree',
		'Unanswered',
	],
	registry: [
		'NotFound', 'AlreadyExists', 'WrongState', 'NotAuthorised', 'NotAMember', 'AlreadyMember', 'RoleMissing',
		'InvalidRoles', 'IsController', 'InvalidGln', 'GlnTaken', 'InvalidJurisdiction', 'LastOrganisation',
		'TooManyOrganisations', 'TooManyLicences', 'NotPersonal', 'EmptyInterval', 'BackDated', 'Expired', 'NoChange',
		'NotRecognised', 'Distrusted', 'OrganisationInactive', 'NoLicence', 'LicenceExpired', 'LicenceSuspended',
		'LicenceRevoked', 'LicenceDistrusted', 'PersonalLicenceMissing', 'SameOrganisation', 'HandedOver', 'UnfitSuccessor',
		'TooManyHandovers', 'BeyondCalendar', 'KeyOfSubject',
		'TooEarly', 'TooLittle',
	],
	subjects: [
		'NotFound', 'AlreadyExists', 'NotAuthorised', 'NotASubject', 'Restricted', 'KeyTaken', 'KeyOfMember',
		'WrongState', 'SameMember', 'Expired', 'TooEarly', 'Contested', 'WrongNonce', 'InvalidProof', 'NotAnAct',
	],
};

const RUNTIME_APIS = {
	registryApi: [
		'organisation', 'organisations', 'member', 'members', 'licence', 'licences', 'issuers', 'capability',
		'succession', 'organisationKeys', 'memberKeys', 'licenceKeys', 'capabilityKeys',
	],
	ehrApi: [
		'networkId', 'anchor', 'versions', 'verifyAnchor', 'life', 'suites', 'log', 'checkpoints', 'renewals', 'trees', 'verifyLog',
		'anchorKeys', 'verifyAnchorKeys', 'logKeys', 'verifyLogKeys',
	],
	subjectsApi: [
		'subject', 'subjectByKey', 'key', 'rebind', 'quota', 'doubtKeys', 'subjectKeys', 'subjectByKeyKeys', 'keyKeys',
	],
};

function assertDocumented(what, docs) {
	const words = docs.map((line) => line.toString()).join(' ').trim();
	assert.ok(words.length > 0, `${what} has no documentation`);
}

describeChain('metadata', (chain) => {
	test('pallets stand at their indices', () => {
		const { pallets } = chain.api.registry.metadata;
		const names = pallets.map(({ index, name }) => [index.toString(), name.toString()]);
		assert.deepEqual(Object.fromEntries(names), PALLETS);
	});

	for (const section of ['registry', 'subjects', 'ehr']) {
		test(`${section}: the pallet has documentation`, () => {
			const pallets = chain.api.registry.metadata.pallets;
			const pallet = pallets.find(({ name }) => name.toString().toLowerCase() === section);
			assertDocumented(section, pallet.docs);
		});

		test(`${section}: calls have names, named arguments and documentation`, () => {
			assert.deepEqual(Object.keys(chain.api.tx[section]), CALLS[section]);
			CALLS[section].forEach((name, index) => {
				const { meta, callIndex } = chain.api.tx[section][name];
				assert.equal(callIndex[1], index, `the index of ${section}.${name}`);
				assertDocumented(`${section}.${name}`, meta.docs);
				assert.ok(meta.fields.every((field) => field.name.isSome), `${section}.${name} has named arguments`);
			});
		});

		test(`${section}: events have names, named fields and documentation`, () => {
			assert.deepEqual(Object.keys(chain.api.events[section]), EVENTS[section]);
			for (const name of EVENTS[section]) {
				const { meta } = chain.api.events[section][name];
				assertDocumented(`${section}.${name}`, meta.docs);
				assert.ok(meta.fields.length > 0, `${section}.${name} has fields`);
				assert.ok(meta.fields.every((field) => field.name.isSome), `${section}.${name} has named fields`);
			}
		});

		test(`${section}: errors have names and documentation`, () => {
			assert.deepEqual(Object.keys(chain.api.errors[section]), ERRORS[section]);
			for (const name of ERRORS[section]) {
				assertDocumented(`${section}.${name}`, chain.api.errors[section][name].meta.docs);
			}
		});

		test(`${section}: storage and constants have documentation`, () => {
			for (const [name, entry] of Object.entries(chain.api.query[section])) {
				if (name !== 'palletVersion') assertDocumented(`${section}.${name}`, entry.creator.meta.docs);
			}
			for (const [name, constant] of Object.entries(chain.api.consts[section])) {
				assertDocumented(`${section}.${name}`, constant.meta.docs);
			}
		});
	}

	test('runtime APIs have their methods, with documentation', () => {
		for (const [section, names] of Object.entries(RUNTIME_APIS)) {
			assert.deepEqual(Object.keys(chain.api.call[section]), names);
			for (const name of names) {
				assertDocumented(`${section}.${name}`, [chain.api.call[section][name].meta.description]);
			}
		}
	});
});
