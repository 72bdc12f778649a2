-- The department that keeps the file, and who entered it: rights may reach no further than one of these.
alter table member add dept_id uuid, add made_by uuid;
alter table member_duplicate add dept_id uuid, add made_by uuid;
---- create above / drop below ----
alter table member_duplicate drop made_by, drop dept_id;
alter table member drop made_by, drop dept_id;
