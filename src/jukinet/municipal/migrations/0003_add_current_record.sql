-- The present version of every resident's record: what most questions are about.
CREATE VIEW register.current_record AS
SELECT current.resident_number, current.version, current.household_number, current.relationship,
       handle.resident_record_code, current.individual_number, current.name, current.kana, current.former_surname,
       current.alias, current.birth_date, current.sex, current.municipality, current.address, current.postal_code,
       current.change_reason, current.changed_on, current.previous_resident_record_code, current.is_removed,
       current.became_resident_on, current.address_since_on, current.nationality, current.residence_status,
       current.is_protected, current.notified_on, current.recorded_at, current.recorded_by
  FROM register.resident AS handle
  JOIN register.resident_record AS current USING (resident_number, version);
COMMENT ON VIEW register.current_record IS '住民票の現在の版';

GRANT SELECT ON register.current_record TO :"app_role";
