-- Imports of every kind in one table. Those of rosters are for the province to see too; others for their body alone.

alter table app.roster_imports rename to imports;
alter table app.imports rename column school_id to body_id;
alter table app.imports rename constraint pk_roster_imports to pk_imports;
alter table app.imports rename constraint fk_roster_imports_file_id to fk_imports_file_id;
alter table app.imports rename constraint fk_roster_imports_school_id to fk_imports_body_id;
alter index app.ix_roster_imports_school_id rename to ix_imports_body_id;
alter table app.imports add column kind text not null default 'roster';
alter table app.imports alter column kind drop default, alter column source drop not null;
update app.imports i set body_id = t.body_id from app.tasks t where t.id = i.id and i.body_id is null;
alter table app.imports
  alter column body_id set not null,
  add constraint ck_imports_kind_is_known check (kind in ('roster','archive')),
  add constraint ck_imports_rosters_have_a_source check ((kind = 'roster') = (source is not null));
call app.guard('imports',
  $$body_id = app.body() or app.kind() = 'system' or kind = 'roster' and app.is_province()$$, '{see}');
call app.guard('import_rows', $$exists (select from app.imports i where i.id = import_id)$$, '{see}');
