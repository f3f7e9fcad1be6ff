using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiPlatform.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class AuditChains : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "chain_hash",
                table: "audit_records",
                type: "BLOB",
                fixedLength: true,
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "chain_id",
                table: "audit_records",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "chain_sequence",
                table: "audit_records",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "replay_of",
                table: "audit_records",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "audit_chains",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    previous_chain_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    format = table.Column<int>(type: "INTEGER", nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    last_hash = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_chains", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ux_audit_records_chain_sequence",
                table: "audit_records",
                columns: new[] { "chain_id", "chain_sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_audit_chains_started",
                table: "audit_chains",
                columns: new[] { "started_at", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "audit_chains");

            migrationBuilder.DropIndex(
                name: "ux_audit_records_chain_sequence",
                table: "audit_records");

            migrationBuilder.DropColumn(
                name: "chain_hash",
                table: "audit_records");

            migrationBuilder.DropColumn(
                name: "chain_id",
                table: "audit_records");

            migrationBuilder.DropColumn(
                name: "chain_sequence",
                table: "audit_records");

            migrationBuilder.DropColumn(
                name: "replay_of",
                table: "audit_records");
        }
    }
}
