delete from app.import_rows r using app.imports i where i.id = r.import_id and i.kind = 'archive';
delete from app.imports where kind = 'archive';
alter table app.imports
  drop constraint ck_imports_kind_is_known,
  drop constraint ck_imports_rosters_have_a_source,
  alter column body_id drop not null,
  alter column source set not null;
update app.imports set body_id = null where source = 'provincial';
drop policy callers on app.imports;
alter table app.imports drop column kind;
alter index app.ix_imports_body_id rename to ix_roster_imports_school_id;
alter table app.imports rename constraint fk_imports_body_id to fk_roster_imports_school_id;
alter table app.imports rename constraint fk_imports_file_id to fk_roster_imports_file_id;
alter table app.imports rename constraint pk_imports to pk_roster_imports;
alter table app.imports rename column body_id to school_id;
alter table app.imports rename to roster_imports;
call app.guard('roster_imports', 'school_id = app.body() or app.is_province()', '{see}');
call app.guard('import_rows', 'exists (select from app.roster_imports i where i.id = import_id)', '{see}');
