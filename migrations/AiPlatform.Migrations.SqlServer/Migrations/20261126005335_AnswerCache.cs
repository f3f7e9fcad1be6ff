using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiPlatform.Migrations.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class AnswerCache : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "answer_cache_rules",
                columns: table => new
                {
                    api_key_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    lifetime_seconds = table.Column<int>(type: "int", nullable: false),
                    actor_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    modified_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_answer_cache_rules", x => x.api_key_id);
                    table.CheckConstraint("ck_answer_cache_rules_lifetime", "lifetime_seconds >= 1 AND lifetime_seconds <= 2592000");
                });

            migrationBuilder.CreateTable(
                name: "cached_answers",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    user_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    request_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    made_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    @sealed = table.Column<byte[]>(name: "sealed", type: "varbinary(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cached_answers", x => x.id);
                    table.CheckConstraint("ck_cached_answers_lifetime", "expires_at > made_at");
                });

            migrationBuilder.CreateIndex(
                name: "ix_cached_answers_expiry",
                table: "cached_answers",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_cached_answers_user_made",
                table: "cached_answers",
                columns: new[] { "user_id", "made_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "answer_cache_rules");

            migrationBuilder.DropTable(
                name: "cached_answers");
        }
    }
}
