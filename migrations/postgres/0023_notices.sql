-- Every program that serves this database hears when a business's data has changed, once a transaction.
CREATE FUNCTION tell_of_change() RETURNS TRIGGER LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('trialmark', NEW.business_id::text); RETURN NULL; END $$;
CREATE TRIGGER told_of_change AFTER UPDATE ON record_heads FOR EACH ROW EXECUTE FUNCTION tell_of_change();
