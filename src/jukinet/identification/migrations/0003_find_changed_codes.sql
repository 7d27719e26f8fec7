-- A code that was changed leads to the one that followed it: whoever is asked for by an old code is found.
CREATE INDEX record_previous_resident_record_code ON identification.record (previous_resident_record_code)
 WHERE previous_resident_record_code IS NOT NULL;
CREATE INDEX superseded_record_previous_resident_record_code
    ON identification.superseded_record (previous_resident_record_code)
 WHERE previous_resident_record_code IS NOT NULL;
