call app.guard('dispatches',
  $$person_id = app.person() or app.body() in (school_id, department_id, county_id, city_id, recorder_id)
    or app.kind() in ('provincial_bureau', 'system')$$,
  $$app.kind() in ('school', 'county', 'provincial_bureau', 'system') and ({see})$$);
create index ix_dispatches_county_id on app.dispatches (county_id, id);
create index ix_dispatches_city_id on app.dispatches (city_id, id);
update app.dispatches d set county_id = recorder.id, city_id = recorder.parent_id
  from app.bodies recorder where recorder.id = d.recorder_id and recorder.kind = 'county';
drop trigger passes on app.archive_movements;
drop trigger passes on app.dispatches;
drop function app.movement_passes(), app.dispatch_passes(), app.file_passes(uuid, uuid[]);
drop table app.archive_bureaus;
alter table app.archive_movements drop column county_id, drop column receiver_region;

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
