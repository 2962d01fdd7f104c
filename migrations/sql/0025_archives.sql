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

-- The bureaus that a file passes: the county that recorded its dispatch or a leg's receiver is in, the county of its
-- unit, and the cities above them. It follows from the rows, whoever writes them; nobody else adds to it.

alter table app.archive_movements
  add column receiver_region text,
  add column county_id uuid constraint fk_archive_movements_county_id references app.bodies (id);

create table app.archive_bureaus (
    body_id uuid not null constraint fk_archive_bureaus_body_id references app.bodies (id),
    dispatch_id uuid not null constraint fk_archive_bureaus_dispatch_id references app.dispatches (id),
    constraint pk_archive_bureaus primary key (body_id, dispatch_id)
);
-- As a case, of which PostgreSQL assumes that half of the rows meet it: beside a caller's own condition on the body, `or`
-- would let it expect next to none of them, and sort all that there are for a page.
call app.guard('archive_bureaus',
  $$case when app.kind() in ('provincial_bureau', 'system') then true else body_id = app.body() end$$, 'false');
revoke insert, update on app.archive_bureaus from employment_app;

create function app.file_passes(dispatch uuid, bodies uuid[]) returns void
language sql volatile security definer set search_path = app, pg_temp as $$
  insert into archive_bureaus (body_id, dispatch_id)
    select distinct bureau.id, dispatch
      from bodies county join bodies bureau on bureau.id in (county.id, county.parent_id)
     where county.id = any (file_passes.bodies) and county.kind = 'county' and bureau.kind in ('county', 'city')
    on conflict do nothing
$$;
create function app.dispatch_passes() returns trigger language plpgsql set search_path = app, pg_temp as $$
begin
  perform file_passes(new.id, array[new.recorder_id, new.county_id]);
  return null;
end $$;
create function app.movement_passes() returns trigger language plpgsql set search_path = app, pg_temp as $$
begin
  perform file_passes(new.dispatch_id, array[new.county_id]);
  return null;
end $$;
create trigger passes after insert on app.dispatches for each row execute function app.dispatch_passes();
create trigger passes after insert on app.archive_movements for each row execute function app.movement_passes();

update app.dispatches d
   set (county_id, city_id) = (
     select b.id, b.parent_id from app.bureaus_of_regions r join app.bodies b on b.id = r.body_id
      where r.region = d.unit_region)
  from app.bodies recorder where recorder.id = d.recorder_id and recorder.kind = 'county';
select app.file_passes(id, array[recorder_id, county_id]) from app.dispatches;
drop index app.ix_dispatches_county_id, app.ix_dispatches_city_id;

-- Without `offset 0` PostgreSQL would look up all that ever passed the body, to know it of one.
call app.guard('dispatches',
  $$person_id = app.person() or app.body() in (school_id, department_id, recorder_id)
    or app.kind() in ('provincial_bureau', 'system')
    or exists (select from app.archive_bureaus b where b.body_id = app.body() and b.dispatch_id = dispatches.id offset 0)$$,
  $$app.kind() in ('school', 'county', 'provincial_bureau', 'system') and ({see})$$);
