using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiPlatform.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class LedgerEntriesByTime : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_ledger_entries_created",
                table: "ledger_entries",
                column: "created_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_ledger_entries_created",
                table: "ledger_entries");
        }
    }
}
