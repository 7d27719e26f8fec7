-- One question may concern several people: each is an entry of its own. Municipalities look people up by name too.
ALTER TABLE audit.use_log ADD COLUMN place integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN audit.use_log.place IS '一つの照会で複数の者に係る記録があるときの番号（最初は0）';
ALTER TABLE audit.use_log
    DROP CONSTRAINT use_log_pkey,
    ADD CONSTRAINT use_log_pkey PRIMARY KEY (message_id, agency, place);
ALTER TABLE audit.use_log
    DROP CONSTRAINT use_log_asked_by_check,
    ADD CONSTRAINT use_log_asked_by_check
        CHECK (asked_by IN ('resident_record_code', 'individual_number', 'name_and_birth_date'));
