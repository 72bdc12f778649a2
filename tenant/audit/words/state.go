package words

// State says which digests of its object's state an act is recorded with.
type State string

// What an act does to its object.
const (
	Made    State = "made"    // a digest after
	Changed State = "changed" // one before and one after
	Gone    State = "gone"    // one before
	Leaves  State = "leaves"  // none: the act looks, finds or calls on others, who record what they do
)

// Digests reports whether the state wants a digest before and one after.
func (s State) Digests() (before, after bool) {
	return s == Changed || s == Gone, s == Changed || s == Made
}

// StateOf is what an act does to its object; "" for one that is not known here.
func StateOf(act string) State { return states[act] }

var states = stated(map[State][]string{
	Made: {
		"access.grant", "access.group_add", "access.group_create", "access.role_copy", "access.role_create", "access.set_create",
		"app.build", "app.found", "app.key", "app.publish", "app.rebuild",
		"audit.adopt", "audit.archive", "audit.restore", "audit.verify", "consent.give", "directory.create", "identity.enrol",
		"invitation.create", "member.claim", "member.create", "member.duplicate", "member.import.upload", "member.request", "meeting.choose",
		"meeting.come", "meeting.create", "meeting.file.send", "meeting.paper.add", "meeting.place_add", "meeting.recording.start", "meeting.sign", "meeting.vote_make", "member.seed", "merge.ask", "meeting.answer",
		"oidc.app_token", "oidc.client_create", "oidc.key_make", "oidc.sign_in", "org.appoint", "org.dept_create", "org.hand_over", "org.officer_create",
		"org.post_create", "passkey.add", "place.take", "session.handoff", "session.open", "supervise.ask", "supervise.rule.create",
	},
	Changed: {
		"access.group_update", "access.join", "access.revoke", "access.role_publish", "access.role_update", "access.separate",
		"access.set_update", "account.close", "account.closing", "account.keep", "app.cancel", "app.rebuild_cancel", "app.release_end", "app.roll_back", "app.share", "app.update",
		"audit.policy", "branding.copy", "branding.discard", "branding.draft", "branding.import", "branding.publish", "branding.restore",
		"consent.withdraw", "directory.module.off", "directory.module.on",
		"directory.move", "factor.reset", "factors.reset", "host.add", "host.lapse", "host.remove", "host.slug", "host.verify", "meeting.admit", "meeting.answer_again", "meeting.cancel", "meeting.end", "meeting.lock", "meeting.refuse",
		"meeting.rooms", "meeting.rooms_assign", "meeting.rooms_choice", "meeting.rooms_close", "meeting.rooms_open", "meeting.rooms_over",
		"meeting.agenda", "meeting.files", "meeting.item", "meeting.minutes", "meeting.paper.update", "meeting.stenographer", "meeting.venue", "meeting.venue_call", "meeting.watermark", "meeting.remove", "meeting.return", "meeting.role",
		"meeting.start", "meeting.update", "meeting.place_update", "meeting.waiting_room", "invitation.accept", "invitation.revoke", "member.end", "member.import",
		"meeting.choose_again", "meeting.right", "meeting.vote_close", "meeting.vote_confirm", "meeting.vote_count", "meeting.vote_end",
		"meeting.vote_open", "meeting.vote_void",
		"meeting.recording.cancel", "meeting.recording.retry", "meeting.recording.settings", "meeting.recording.stop", "meeting.recording.update",
		"member.import.cancel", "member.import.commit", "member.import.map", "member.request.approved", "member.request.refused",
		"member.request.withdrawn", "member.restore", "member.update", "menu.publish", "menu.reset", "menu.restore", "menu.set",
		"menu.withdraw", "merge.done", "merge.drop", "merge.prove", "merge.undo", "oidc.allow", "oidc.client_end",
		"oidc.client_secret", "oidc.client_update", "oidc.token_revoke", "org.appointment_end", "org.dept_update",
		"org.officer_update", "org.post_update", "org.profile", "passkey.rename", "password.change", "password.clear",
		"password.reset", "place.end", "place.end_sessions", "place.lock", "place.unlock", "recovery_code.renew", "recovery_code.use",
		"security_policy.update", "session.prove", "supervise.approve", "supervise.end", "supervise.refuse", "supervise.withdraw",
		"totp.add", "totp.remove",
	},
	Gone: {
		"access.group_delete", "access.group_remove", "access.role_delete", "access.set_delete", "meeting.paper.delete", "meeting.recording.delete", "meeting.recording.expire", "member.duplicate.dismiss",
		"oidc.code_again", "oidc.refresh_again", "oidc.refuse", "oidc.revoke", "org.dept_delete", "org.post_delete", "passkey.remove",
		"session.end", "supervise.rule.delete",
	},
	Leaves: {
		"account.export", "app.key_export", "audit.export", "audit.search", "audit.shortened", "audit.tampered", "audit.view", "branding.export",
		"branding.logo", "branding.preview", "meeting.feed", "meeting.feed_end", "meeting.invited", "meeting.pass", "meeting.resolve", "meeting.dismiss", "meeting.remind", "notice.send",
		"meeting.uninvited", "meeting.minutes_export", "meeting.recording.consent", "meeting.paper.open", "meeting.paper.save", "meeting.recording.play", "meeting.recording.save",
		"member.check", "member.export", "member.export_own", "member.import.corrections", "member.invite", "member.reveal", "member.supervised",
		"member.verify", "org.officer_invite", "refused", "supervise.enter", "supervise.read",
	},
})

func stated(all map[State][]string) map[string]State {
	m := map[string]State{}
	for s, acts := range all {
		for _, act := range acts {
			if _, twice := m[act]; twice {
				panic("words: the state of " + act + " is said twice")
			}
			m[act] = s
		}
	}
	return m
}
