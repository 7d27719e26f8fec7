-- Whatever was once a number is here for ever: no number is given to two persons, nor twice to one.
CREATE TABLE allotment.individual_number (
    individual_number    text COLLATE "C" NOT NULL,
    resident_record_code text COLLATE "C" NOT NULL,
    serial               integer     NOT NULL CHECK (serial >= 0),
    municipality         text        NOT NULL,
    allotted_at          timestamptz NOT NULL,
    message_id           text        NOT NULL,
    CONSTRAINT individual_number_pkey PRIMARY KEY (individual_number)
);
COMMENT ON TABLE allotment.individual_number IS '生成した個人番号（全国で一度だけ。変更前の番号を含む）';
COMMENT ON COLUMN allotment.individual_number.resident_record_code IS '生成の基とした住民票コード';
COMMENT ON COLUMN allotment.individual_number.serial IS '生成の回数（0 は移行前から記録されていた番号）';

CREATE TABLE allotment.current_individual_number (
    resident_record_code text COLLATE "C" NOT NULL,
    individual_number    text COLLATE "C" NOT NULL,
    serial               integer     NOT NULL CHECK (serial > 0),
    replaced_number      text COLLATE "C",
    allotted_at          timestamptz NOT NULL,
    CONSTRAINT current_individual_number_pkey PRIMARY KEY (resident_record_code)
);
COMMENT ON TABLE allotment.current_individual_number IS '住民票コードごとの現在の個人番号';
COMMENT ON COLUMN allotment.current_individual_number.replaced_number IS '変更前の個人番号（同じ変更の要求が繰り返されたことを知るため）';

-- What a municipality was given in one civil day, to hold against the quota.
CREATE TABLE allotment.daily_total (
    municipality text    NOT NULL,
    day          date    NOT NULL,
    quantity     integer NOT NULL CHECK (quantity >= 0),
    CONSTRAINT daily_total_pkey PRIMARY KEY (municipality, day)
);
COMMENT ON TABLE allotment.daily_total IS '市町村に一日に指定した住民票コードの数';

GRANT SELECT, INSERT ON allotment.individual_number TO :"app_role";
GRANT SELECT, INSERT, UPDATE ON allotment.current_individual_number, allotment.daily_total TO :"app_role";
