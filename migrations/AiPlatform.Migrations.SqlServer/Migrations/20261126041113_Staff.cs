using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiPlatform.Migrations.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class Staff : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "job_runs",
                columns: table => new
                {
                    job = table.Column<string>(type: "varchar(50)", unicode: false, maxLength: 50, nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    outcome = table.Column<int>(type: "int", nullable: false),
                    detail = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_job_runs", x => new { x.job, x.due_at });
                });

            migrationBuilder.CreateTable(
                name: "message_logs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    user_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    username = table.Column<string>(type: "nvarchar(255)", maxLength: 255, nullable: false),
                    email = table.Column<string>(type: "nvarchar(255)", maxLength: 255, nullable: false),
                    model = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    messages = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    research_model = table.Column<bool>(type: "bit", nullable: false),
                    time = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_message_logs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "usage_reports",
                columns: table => new
                {
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    active_users = table.Column<int>(type: "int", nullable: false),
                    by_model = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_usage_reports", x => x.day);
                    table.CheckConstraint("ck_usage_reports_counts", "active_users >= 0");
                });

            migrationBuilder.CreateTable(
                name: "users_backup",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    username = table.Column<string>(type: "nvarchar(30)", maxLength: 30, nullable: true),
                    email = table.Column<string>(type: "nvarchar(255)", maxLength: 255, nullable: false),
                    row = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    deleted_by = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    deleted_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_users_backup", x => x.user_id);
                });

            migrationBuilder.CreateIndex(
                name: "ux_api_keys_person",
                table: "api_keys",
                column: "user_id",
                unique: true,
                filter: "kind = 4 AND revoked_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_message_logs_time",
                table: "message_logs",
                column: "time");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "job_runs");

            migrationBuilder.DropTable(
                name: "message_logs");

            migrationBuilder.DropTable(
                name: "usage_reports");

            migrationBuilder.DropTable(
                name: "users_backup");

            migrationBuilder.DropIndex(
                name: "ux_api_keys_person",
                table: "api_keys");
        }
    }
}
