-- A batch file may name persons by the four basic items.
ALTER TABLE audit.use_log
    DROP CONSTRAINT use_log_asked_by_check,
    ADD CONSTRAINT use_log_asked_by_check
        CHECK (asked_by IN ('resident_record_code', 'individual_number', 'name_and_birth_date', 'four_items'))
        NOT VALID;
ALTER TABLE audit.use_log VALIDATE CONSTRAINT use_log_asked_by_check;
