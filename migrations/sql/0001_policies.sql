-- Row-level security, the second wall: every statement also carries its own scope.

-- Guards a table: may_see decides reading, changing and removing; may_add decides what a row may be when added or changed.
-- In the texts, {party} stands for the columns of models.base.Parties, {anyone} for any context at all, {see} for may_see.
create procedure app.guard(name text, may_see text, may_add text) language plpgsql as $$
declare
  party constant text :=
    '(app.is_party(graduate_id, employer_id, department_id, school_id, county_id, city_id) or app.is_province())';
  anyone constant text := '(app.kind() is not null)';
begin
  may_add := replace(may_add, '{see}', may_see);
  may_see := replace(replace(may_see, '{party}', party), '{anyone}', anyone);
  may_add := replace(replace(may_add, '{party}', party), '{anyone}', anyone);
  execute format('alter table app.%I enable row level security', name);
  execute format('alter table app.%I force row level security', name);
  execute format('drop policy if exists callers on app.%I', name);
  execute format('drop policy if exists owner on app.%I', name);
  execute format('create policy callers on app.%I to employment_app using (%s) with check (%s)', name, may_see, may_add);
  execute format('create policy owner on app.%I to %I using (true) with check (true)', name, current_user);
  execute format('grant select, insert, update on app.%I to employment_app', name);
end $$;

do $$
declare
  one record;
begin
  for one in
    select * from (values
      -- table                  may_see                                                              may_add
      ('persons',               'id = app.person() or app.is_province() or app.visits(''login'', ''registration'')
                                 or exists (select from app.roster_entries r where r.person_id = persons.id)
                                 or exists (select from app.graduates g where g.person_id = persons.id)',
                                                                                                     '{anyone}'),
      ('phones',                'person_id = app.person() or app.kind() = ''system'' or app.visits(''login'', ''registration'')',
                                                                                                     '{see}'),
      ('roster_entries',        'person_id = app.person() or app.kind() = ''system'' or app.visits(''registration'')
                                 or app.kind() = ''provincial_education'' and source = ''provincial''
                                 or source = ''school'' and app.body() in (school_id, department_id)', '{see}'),
      ('graduates',             'person_id = app.person() or app.body() in (school_id, department_id)
                                 or app.is_province() or app.visits(''login'', ''registration'')',   '{see}'),
      ('registration_attempts', 'school_id = app.body() or app.kind() = ''system''',                 '{anyone}'),
      ('accounts',              'id = app.account() or body_id = app.body() or app.kind() = ''system''
                                 or app.visits(''login'', ''refreshing'', ''registration'', ''employer_registration'')
                                 or exists (select from app.bodies b where b.id = body_id and (b.parent_id = app.body()
                                   or app.kind() = ''provincial_education'' and b.kind = ''school''
                                   or app.kind() = ''provincial_bureau''
                                      and b.kind in (''school'', ''city'', ''county'', ''support'')))',
                                                                                                     '{see}'),
      ('sessions',              'account_id = app.account() or app.kind() = ''system'' or app.visits(''login'', ''refreshing'')',
                                                                                                     '{see}'),
      ('one_time_codes',        '{anyone}',                                                          '{anyone}'),
      ('challenges',            '{anyone}',                                                          '{anyone}'),
      ('buckets',               '{anyone}',                                                          '{anyone}'),
      ('employers',             'app.body() in (id, county_id, city_id) or app.is_province()
                                 or app.visits(''login'', ''employer_registration'')',
                                                                                                     '{see}'),
      ('files',                 'account_id = app.account() or body_id = app.body() or app.kind() = ''system''',
                                                                                                     '{see}'),
      ('tasks',                 'account_id = app.account() or body_id = app.body() or app.kind() = ''system''', '{see}'),
      ('roster_imports',        'school_id = app.body() or app.is_province()',                       '{see}'),
      ('import_rows',           'exists (select from app.roster_imports i where i.id = import_id)',  '{see}'),
      ('invitations',           '{party}',                                                           '{party}'),
      ('placements',            '{party}',                                                           '{party}'),
      ('terminations',          '{party}',                                                           '{party}'),
      ('reviews',               '{party} or body_id = app.body()',                                   '{anyone}'),
      ('trail',                 'app.kind() = ''system'' or case record_kind
                                   when ''invitation'' then exists (select from app.invitations r where r.id = record_id)
                                   when ''agreement'' then exists (select from app.placements r where r.id = record_id)
                                   when ''termination'' then exists (select from app.terminations r where r.id = record_id)
                                   when ''employer'' then exists (select from app.employers r where r.id = record_id)
                                   when ''roster_entry'' then exists (select from app.roster_entries r where r.id = record_id)
                                 end',                                                               '{anyone}'),
      ('events',                '{party}',                                                           '{anyone}'),
      ('messages',              'to_graduate_id = app.graduate() or to_body_id = app.body() or app.kind() = ''system''',
                                                                                                     '{anyone}'),
      ('sandbox_messages',      'app.kind() = ''system'' or app.purpose() = ''sandbox''', '{see}'),
      ('remembered',            'account_id = app.account() or app.kind() = ''system''',                                        '{see}')
    ) as rule (name, may_see, may_add)
  loop
    call app.guard(one.name, one.may_see, one.may_add);
  end loop;
end $$;

grant usage on schema app to employment_app;
grant select, insert, update on all tables in schema app to employment_app;
grant delete on app.challenges, app.one_time_codes, app.buckets, app.remembered, app.registration_attempts
  to employment_app;
revoke update on app.trail, app.events, app.policies from employment_app;
grant usage on all sequences in schema app to employment_app;

grant usage on schema app to employment_auditor;
grant select on app.trail, app.events to employment_auditor;
create policy auditor on app.trail for select to employment_auditor using (true);
create policy auditor on app.events for select to employment_auditor using (true);
grant execute on function app.broken_trail() to employment_auditor;
