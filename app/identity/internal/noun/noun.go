// Package noun says what the acts of identity are done on, for their record in the audit trail.
package noun

import "gonghui/tenant"

const (
	factors = `jsonb_build_object(
		'totp', (select t.created_at from platform.totp t where t.account_id = a.id),
		'passkeys', array(select k.id from platform.passkey k where k.account_id = a.id order by k.id),
		'recovery', array(select r.digest from platform.recovery_code r where r.account_id = a.id order by r.digest))`
	account = "select to_jsonb(a) || " + factors + " from platform.account a where a.id = "
)

// Accounts with their factors, and what belongs to an account.
var (
	Account = tenant.Noun{Kind: "account", State: account + "$1 for update of a"}
	// AccountOfPhone is called by the digest of the phone.
	AccountOfPhone = tenant.Noun{Kind: "account", State: account + `(select o.id from platform.account o join platform.person p on p.id = o.person_id
		where p.phone_digest = $1::text) for update of a`}
	// Consent is called by account and version.
	Consent = tenant.Noun{Kind: "account", State: "select to_jsonb(c) from platform.consent c where c.account_id = $1 and c.version = $2"}
	// Consents are the versions that an account agrees to.
	Consents = tenant.Noun{Kind: "account", State: `select to_jsonb(array(
		select c.version from platform.consent c where c.account_id = $1 and c.withdrawn_at is null order by c.version))`}
	Passkey = tenant.Noun{Kind: "passkey", State: "select to_jsonb(k) - 'sign_count' - 'used_at' from platform.passkey k where k.id = $1 for update"}
	Session = tenant.Noun{Kind: "session", State: "select to_jsonb(s) - 'token_digest' - 'seen_at' from platform.session s where s.id = $1"}
)

// Handoff is a way to another host that was opened, on an identity or a body, called by the digest of its code.
func Handoff(kind string) tenant.Noun {
	return tenant.Noun{Kind: kind, State: "select to_jsonb(h) - 'code_digest' from platform.handoff h where h.code_digest = $1"}
}

// People and their places in bodies.
var (
	Person = tenant.Noun{Kind: "person", State: `select to_jsonb(p) || jsonb_build_object('places',
		(select coalesce(jsonb_agg(to_jsonb(i) order by i.id), '[]') from platform.identity i where i.person_id = p.id)) from platform.person p where p.id = $1`}
	// Holder is what a person has in a body: places, open sessions, and the factors of the account.
	Holder = tenant.Noun{Kind: "person", State: `select jsonb_build_object(
		'places', (select coalesce(jsonb_agg(to_jsonb(i) order by i.id), '[]') from platform.identity i where i.person_id = $1 and i.body_id = $2),
		'sessions', array(select s.id from platform.session s join platform.identity i on i.id = s.identity_id where i.person_id = $1 and i.body_id = $2 order by s.id),
		'factors', (select ` + factors + ` from platform.account a where a.person_id = $1))`}
	Identity   = tenant.Noun{Kind: "identity", State: "select to_jsonb(i) from platform.identity i where i.id = $1"}
	Invitation = tenant.Noun{Kind: "invitation", State: "select to_jsonb(v) - 'token_digest' from platform.invitation v where v.id = $1 for update"}
	// InvitationByToken is called by the digest of its token.
	InvitationByToken = tenant.Noun{Kind: "invitation", State: "select to_jsonb(v) - 'token_digest' from platform.invitation v where v.token_digest = $1 for update"}
	Merge             = tenant.Noun{Kind: "person_merge", State: "select to_jsonb(m) - 'log' - 'updated_at' from platform.person_merge m where m.id = $1"}
	// Policy is what a body demands; nothing yet is a state too.
	Policy = tenant.Noun{Kind: "body", State: "select coalesce((select to_jsonb(p) from platform.security_policy p where p.body_id = $1), '{}')"}
)

// Applications, and what they were let do.
var (
	Client = tenant.Noun{Kind: "oidc_client", State: "select to_jsonb(c) from platform.oidc_client c where c.id = $1 for update"}
	// Allowed is a person's word to an application, called by account and application; none yet is a state too.
	Allowed = tenant.Noun{Kind: "oidc_client", State: "select coalesce((select to_jsonb(k) from platform.oidc_consent k where k.account_id = $1 and k.client_id = $2), '{}')"}
	SignIn  = tenant.Noun{Kind: "oidc_client", State: "select to_jsonb(g) from platform.oidc_grant g where g.id = $1"}
	// Exchanged is the sign-in behind a code or refresh token that comes again; one that has ended already is a state too.
	Exchanged = tenant.Noun{Kind: "oidc_client", State: "select coalesce((select to_jsonb(g) from platform.oidc_grant g where g.id = $1), '{}')"}
	Request   = tenant.Noun{Kind: "oidc_client", State: "select to_jsonb(r) - 'code_digest' from platform.oidc_request r where r.id = $1"}
	// Tokens are those of the sign-in to which a token belongs, or the application's own one.
	Tokens = tenant.Noun{Kind: "oidc_client", State: `select coalesce(jsonb_agg(t.id order by t.id), '[]') from (
		select o.id from platform.oidc_token o where o.grant_id = (select one.grant_id from platform.oidc_token one where one.id = $1)
		union all select a.id from platform.oidc_app_token a where a.id = $1) t`}
	Key = tenant.Noun{Kind: "oidc_key", State: "select to_jsonb(k) - 'sealed' from platform.oidc_key k where k.id = $1"}
)
