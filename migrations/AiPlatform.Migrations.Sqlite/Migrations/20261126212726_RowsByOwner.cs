using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiPlatform.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class RowsByOwner : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // A migration of its own, since the one before it makes its tables anew at its end. What is there already is filed at once.
            migrationBuilder.Sql("CREATE TABLE filed_rows (name TEXT NOT NULL PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID");
            File(migrationBuilder, "audit_records", "user_id", "started_at");
            File(migrationBuilder, "ledger_entries", "account_id", "created_at");
            File(migrationBuilder, "usage_records", "user_id", "created_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var table in new[] { "audit_records_by_owner", "ledger_entries_by_owner", "usage_records_by_owner", "filed_rows" })
            {
                migrationBuilder.DropTable(table);
            }
        }

        private static void File(MigrationBuilder migrationBuilder, string table, string owner, string time)
        {
            migrationBuilder.Sql(
                $"CREATE TABLE {table}_by_owner ({owner} TEXT NOT NULL, {time} INTEGER NOT NULL, place INTEGER NOT NULL, "
                + $"PRIMARY KEY ({owner}, {time}, place)) WITHOUT ROWID");
            migrationBuilder.Sql(
                $"INSERT INTO {table}_by_owner SELECT {owner}, {time}, place FROM {table} WHERE {owner} IS NOT NULL ORDER BY {owner}, {time}, place");
            migrationBuilder.Sql($"INSERT INTO filed_rows SELECT '{table}', COALESCE(MAX(place), 0) FROM {table}");
        }
    }
}
