"""Numbers of listings on sale, kept by PostgreSQL: whatever puts a listing on sale or takes it away appends its change.

A row is appended, never updated, so that two listings of one district do not wait for each other. Two changes that cannot
see each other, such as of a group and of its listing, may leave a number that is wrong until the next recount.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION tally_listing(listing catalogue_product, sign integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF listing.state <> 'live' OR listing.structure = 'child' OR listing.price_from IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO catalogue_listingtally (region_id, kind, root, change)
    SELECT listing.region_id, owner.kind, roots.root, sign
    FROM partner_partner owner, (
        SELECT '' AS root UNION
        SELECT substr(category.path, 1, 4) FROM catalogue_productcategory link
        JOIN catalogue_category category ON category.id = link.category_id WHERE link.product_id = listing.id
    ) roots
    WHERE owner.id = listing.vendor_id AND owner.state = 'approved' AND listing.region_id IS NOT NULL;
END $$;

CREATE FUNCTION listing_moves_tallies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.state, OLD.structure, OLD.region_id, OLD.vendor_id, OLD.price_from IS NULL) IS NOT DISTINCT FROM
           (NEW.state, NEW.structure, NEW.region_id, NEW.vendor_id, NEW.price_from IS NULL) THEN
            RETURN NULL;
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM tally_listing(OLD, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM tally_listing(NEW, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER listing_tallied
    AFTER INSERT OR DELETE OR UPDATE OF state, structure, region_id, vendor_id, price_from ON catalogue_product
    FOR EACH ROW EXECUTE FUNCTION listing_moves_tallies();

CREATE FUNCTION group_moves_tallies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalogue_listingtally (region_id, kind, root, change)
    SELECT listing.region_id, side.kind, roots.root, side.sign * count(*)
    FROM (VALUES (OLD.state, OLD.kind, -1), (NEW.state, NEW.kind, 1)) AS side (state, kind, sign),
        catalogue_product listing, LATERAL (
            SELECT '' AS root UNION
            SELECT substr(category.path, 1, 4) FROM catalogue_productcategory link
            JOIN catalogue_category category ON category.id = link.category_id WHERE link.product_id = listing.id
        ) roots
    WHERE side.state = 'approved' AND listing.vendor_id = NEW.id AND listing.state = 'live'
        AND listing.structure <> 'child' AND listing.price_from IS NOT NULL AND listing.region_id IS NOT NULL
    GROUP BY listing.region_id, side.kind, roots.root, side.sign;
    RETURN NULL;
END $$;
CREATE TRIGGER group_tallied AFTER UPDATE OF state, kind ON partner_partner FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.kind IS DISTINCT FROM NEW.kind)
    EXECUTE FUNCTION group_moves_tallies();

-- moved: the links that one statement added or took away. A listing counts once for a root, however many links lead there.
CREATE FUNCTION category_moves_tallies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalogue_listingtally (region_id, kind, root, change)
    SELECT listing.region_id, owner.kind, touched.root, CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END
    FROM (
        SELECT DISTINCT moved.product_id, substr(category.path, 1, 4) AS root
        FROM moved JOIN catalogue_category category ON category.id = moved.category_id
    ) touched
    JOIN catalogue_product listing ON listing.id = touched.product_id
    JOIN partner_partner owner ON owner.id = listing.vendor_id
    WHERE listing.state = 'live' AND listing.structure <> 'child' AND listing.price_from IS NOT NULL
        AND listing.region_id IS NOT NULL AND owner.state = 'approved' AND NOT EXISTS (
            SELECT 1 FROM catalogue_productcategory link
            JOIN catalogue_category category ON category.id = link.category_id
            WHERE link.product_id = touched.product_id AND substr(category.path, 1, 4) = touched.root
                AND link.id NOT IN (SELECT id FROM moved)
        );
    RETURN NULL;
END $$;
CREATE TRIGGER added_category_tallied AFTER INSERT ON catalogue_productcategory REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION category_moves_tallies();
CREATE TRIGGER removed_category_tallied AFTER DELETE ON catalogue_productcategory REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION category_moves_tallies();

INSERT INTO catalogue_listingtally (region_id, kind, root, change)
SELECT listing.region_id, owner.kind, roots.root, count(*)
FROM catalogue_product listing
JOIN partner_partner owner ON owner.id = listing.vendor_id AND owner.state = 'approved', LATERAL (
    SELECT '' AS root UNION
    SELECT substr(category.path, 1, 4) FROM catalogue_productcategory link
    JOIN catalogue_category category ON category.id = link.category_id WHERE link.product_id = listing.id
) roots
WHERE listing.state = 'live' AND listing.structure <> 'child' AND listing.price_from IS NOT NULL
    AND listing.region_id IS NOT NULL
GROUP BY listing.region_id, owner.kind, roots.root;
"""

BACKWARD = """
DROP TRIGGER removed_category_tallied ON catalogue_productcategory;
DROP TRIGGER added_category_tallied ON catalogue_productcategory;
DROP FUNCTION category_moves_tallies();
DROP TRIGGER group_tallied ON partner_partner;
DROP FUNCTION group_moves_tallies();
DROP TRIGGER listing_tallied ON catalogue_product;
DROP FUNCTION listing_moves_tallies();
DROP FUNCTION tally_listing(catalogue_product, integer);
DELETE FROM catalogue_listingtally;
"""


class Migration(migrations.Migration):
    """Triggers on listings, groups and links to categories."""

    dependencies = [("catalogue", "0047_listing_tally"), ("partner", "0020_sku_key")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
