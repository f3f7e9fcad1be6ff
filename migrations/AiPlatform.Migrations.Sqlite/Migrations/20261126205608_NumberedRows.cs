using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiPlatform.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class NumberedRows : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "PK_usage_records",
                table: "usage_records");

            migrationBuilder.DropIndex(
                name: "ix_usage_records_user_created",
                table: "usage_records");

            migrationBuilder.DropPrimaryKey(
                name: "PK_ledger_entries",
                table: "ledger_entries");

            migrationBuilder.DropPrimaryKey(
                name: "PK_audit_records",
                table: "audit_records");

            migrationBuilder.DropIndex(
                name: "ix_audit_records_user_started",
                table: "audit_records");

            migrationBuilder.AddColumn<long>(
                name: "place",
                table: "usage_records",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L)
                .Annotation("Sqlite:Autoincrement", true);

            migrationBuilder.AddColumn<long>(
                name: "place",
                table: "ledger_entries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L)
                .Annotation("Sqlite:Autoincrement", true);

            migrationBuilder.AddColumn<long>(
                name: "place",
                table: "audit_records",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L)
                .Annotation("Sqlite:Autoincrement", true);

            migrationBuilder.AddPrimaryKey(
                name: "PK_usage_records",
                table: "usage_records",
                column: "place");

            migrationBuilder.AddPrimaryKey(
                name: "PK_ledger_entries",
                table: "ledger_entries",
                column: "place");

            migrationBuilder.AddPrimaryKey(
                name: "PK_audit_records",
                table: "audit_records",
                column: "place");

            migrationBuilder.CreateIndex(
                name: "ux_usage_records_request",
                table: "usage_records",
                column: "request_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_audit_records_id",
                table: "audit_records",
                column: "id",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "PK_usage_records",
                table: "usage_records");

            migrationBuilder.DropIndex(
                name: "ux_usage_records_request",
                table: "usage_records");

            migrationBuilder.DropPrimaryKey(
                name: "PK_ledger_entries",
                table: "ledger_entries");

            migrationBuilder.DropPrimaryKey(
                name: "PK_audit_records",
                table: "audit_records");

            migrationBuilder.DropIndex(
                name: "ux_audit_records_id",
                table: "audit_records");

            migrationBuilder.DropColumn(
                name: "place",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "place",
                table: "ledger_entries");

            migrationBuilder.DropColumn(
                name: "place",
                table: "audit_records");

            migrationBuilder.AddPrimaryKey(
                name: "PK_usage_records",
                table: "usage_records",
                column: "request_id");

            migrationBuilder.AddPrimaryKey(
                name: "PK_ledger_entries",
                table: "ledger_entries",
                columns: new[] { "account_id", "sequence" });

            migrationBuilder.AddPrimaryKey(
                name: "PK_audit_records",
                table: "audit_records",
                column: "id");

            migrationBuilder.CreateIndex(
                name: "ix_usage_records_user_created",
                table: "usage_records",
                columns: new[] { "user_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_audit_records_user_started",
                table: "audit_records",
                columns: new[] { "user_id", "started_at" });
        }
    }
}
