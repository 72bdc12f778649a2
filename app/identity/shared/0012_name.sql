-- People of a body are found by their whole name.
create index person_name on platform.person (name);
---- create above / drop below ----
drop index platform.person_name;
