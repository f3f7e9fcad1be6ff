using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiPlatform.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class LeanLedgerIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_ledger_entries_ledger_accounts_account_id",
                table: "ledger_entries");

            migrationBuilder.DropPrimaryKey(
                name: "PK_ledger_entries",
                table: "ledger_entries");

            migrationBuilder.DropIndex(
                name: "ux_ledger_entries_account_sequence",
                table: "ledger_entries");

            migrationBuilder.DropIndex(
                name: "ix_holds_state_expiry",
                table: "holds");

            migrationBuilder.AlterTable(
                name: "ledger_accounts")
                .Annotation("Npgsql:StorageParameter:fillfactor", 50);

            migrationBuilder.AddPrimaryKey(
                name: "PK_ledger_entries",
                table: "ledger_entries",
                columns: new[] { "account_id", "sequence" });

            migrationBuilder.CreateIndex(
                name: "ix_holds_open_expiry",
                table: "holds",
                column: "expires_at",
                filter: "settled_at IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "PK_ledger_entries",
                table: "ledger_entries");

            migrationBuilder.DropIndex(
                name: "ix_holds_open_expiry",
                table: "holds");

            migrationBuilder.AlterTable(
                name: "ledger_accounts")
                .OldAnnotation("Npgsql:StorageParameter:fillfactor", 50);

            migrationBuilder.AddPrimaryKey(
                name: "PK_ledger_entries",
                table: "ledger_entries",
                column: "id");

            migrationBuilder.CreateIndex(
                name: "ux_ledger_entries_account_sequence",
                table: "ledger_entries",
                columns: new[] { "account_id", "sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_holds_state_expiry",
                table: "holds",
                columns: new[] { "state", "expires_at" });

            migrationBuilder.AddForeignKey(
                name: "FK_ledger_entries_ledger_accounts_account_id",
                table: "ledger_entries",
                column: "account_id",
                principalTable: "ledger_accounts",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);
        }
    }
}
