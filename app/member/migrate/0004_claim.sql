-- A person outside asks for a file that has no phone: the digest of the phone that they have proved to hold. Empty for what a member asks.
alter table member_request add claimant varchar(43) not null default '';
---- create above / drop below ----
delete from member_request where claimant <> '';
alter table member_request drop claimant;
