-- name: GetProfile :one
select p.short_name, p.name_en, p.address, p.postcode, p.phone, p.term_start, p.term_end, p.version, a.about
from profile p cross join profile_about a;

-- name: UpdateProfile :one
update profile set short_name = $1, name_en = $2, address = $3, postcode = $4, phone = $5, term_start = $6, term_end = $7,
	version = version + 1 where version = @old_version returning version;

-- name: UpdateAbout :exec
update profile_about set about = $1;
