-- A mass change of addresses: what changes, who made and approved it, and how far it has come.
CREATE TABLE register.mass_change (
    mass_change_number bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    kind               text        NOT NULL,
    public_notice      text        NOT NULL,
    noticed_on         date        NOT NULL,
    effective_on       date        NOT NULL,
    state              text        NOT NULL CHECK (state IN ('made', 'approved', 'running', 'finished', 'discarded')),
    made_at            timestamptz NOT NULL,
    made_by            text        NOT NULL,
    approved_at        timestamptz,
    approved_by        text,
    started_at         timestamptz,
    finished_at        timestamptz,
    CONSTRAINT mass_change_pkey PRIMARY KEY (mass_change_number)
);
COMMENT ON TABLE register.mass_change IS '一括住所変更';
COMMENT ON COLUMN register.mass_change.kind IS '変更の種類';
COMMENT ON COLUMN register.mass_change.public_notice IS '告示番号';
COMMENT ON COLUMN register.mass_change.noticed_on IS '告示の年月日';
COMMENT ON COLUMN register.mass_change.effective_on IS '変更の効力が生ずる年月日';
COMMENT ON COLUMN register.mass_change.made_by IS '作成した操作者';
COMMENT ON COLUMN register.mass_change.approved_by IS '承認した操作者';

CREATE TABLE register.mass_change_row (
    mass_change_number bigint  NOT NULL,
    row_number         integer NOT NULL CHECK (row_number > 0),
    old_place          text    NOT NULL,
    new_place          text    NOT NULL,
    postal_code        text COLLATE "C",
    error_code         text,
    error_field        text,
    CONSTRAINT mass_change_row_pkey PRIMARY KEY (mass_change_number, row_number)
);
COMMENT ON TABLE register.mass_change_row IS '一括住所変更の行（旧町名と新町名、又は旧住所と新住所）';
COMMENT ON COLUMN register.mass_change_row.row_number IS '取り込んだファイルの行';
COMMENT ON COLUMN register.mass_change_row.error_code IS '使えない行の理由';

-- One row per household and change: what is done is done once, whoever goes on after an interruption.
CREATE TABLE register.mass_change_household (
    mass_change_number bigint  NOT NULL,
    household_number   bigint  NOT NULL,
    state              text    NOT NULL CHECK (state IN ('waiting', 'done', 'unchanged', 'refused')),
    residents          integer NOT NULL DEFAULT 0,
    error_code         text,
    error_field        text,
    CONSTRAINT mass_change_household_pkey PRIMARY KEY (mass_change_number, household_number)
);
COMMENT ON TABLE register.mass_change_household IS '一括住所変更の対象の世帯';
COMMENT ON COLUMN register.mass_change_household.residents IS '住所を改めた人数';
CREATE INDEX mass_change_household_waiting ON register.mass_change_household (mass_change_number, household_number)
    WHERE state = 'waiting';

GRANT SELECT, INSERT, UPDATE ON register.mass_change, register.mass_change_household TO :"app_role";
GRANT SELECT, INSERT ON register.mass_change_row TO :"app_role";
