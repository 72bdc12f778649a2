create schema if not exists platform;
create schema if not exists cell;
create schema if not exists tenant_template;
