-- A person without a code is looked for by name and birth date together (従前の住民票の検索).
CREATE INDEX record_name ON identification.record (birth_date, name);
