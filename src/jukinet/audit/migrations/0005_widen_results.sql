-- A search by the four basic items may come to several people or too many; then the entry names nobody.
ALTER TABLE audit.use_log
    DROP CONSTRAINT use_log_asked_by_check,
    ADD CONSTRAINT use_log_asked_by_check
        CHECK (asked_by IN ('resident_record_code', 'individual_number', 'name_and_birth_date', 'four_items'))
        NOT VALID,
    DROP CONSTRAINT use_log_result_check,
    ADD CONSTRAINT use_log_result_check
        CHECK (result IN ('found', 'not_found', 'several', 'too_many'))
        NOT VALID;
ALTER TABLE audit.use_log VALIDATE CONSTRAINT use_log_asked_by_check;
ALTER TABLE audit.use_log VALIDATE CONSTRAINT use_log_result_check;
