-- The form a mass change came from, sent twice but kept once; and when each household was through, for the pace.
ALTER TABLE register.mass_change ADD COLUMN form_number text;
ALTER TABLE register.mass_change ADD CONSTRAINT mass_change_form_key UNIQUE (form_number);
COMMENT ON COLUMN register.mass_change.form_number IS '作成した画面の様式の番号';
ALTER TABLE register.mass_change_household ADD COLUMN settled_at timestamptz;
COMMENT ON COLUMN register.mass_change_household.settled_at IS '処理した日時';
