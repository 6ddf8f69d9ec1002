//! As whom this program reads and writes rows: as a role that may do that, and nothing else, where the database has it.

use sqlx::PgConnection;

use super::StoreError;

/// The role that changes rows and no table; `settle_roles()` of the migrations makes it and gives it its rights.
pub(super) const BOTS: &str = "lovelm_bots";

/// Gives the roles their rights in this database, and says whether we may act as [`BOTS`]. Where not, we keep all rights of
/// our user, and the log says what an administrator can do.
pub(super) async fn settle(connection: &mut PgConnection) -> bool {
    match settled(connection).await {
        Ok(true) => return true,
        Ok(false) => tracing::warn!(
            "this database's user may not make the role {BOTS}, or is no member of it: rows are read and written with all \
             rights of that user. Harmless; migrations/README.md says how an administrator makes the role"
        ),
        Err(error) => {
            tracing::warn!(%error, "the roles of this database are not settled: all rights of its user are kept");
        }
    }
    false
}

async fn settled(connection: &mut PgConnection) -> Result<bool, StoreError> {
    let settled = sqlx::query_scalar!(
        r#"select case when settle_roles() then pg_has_role(current_user, $1, 'member') else false end as "settled!""#,
        BOTS
    );
    Ok(settled.fetch_one(connection).await?)
}
