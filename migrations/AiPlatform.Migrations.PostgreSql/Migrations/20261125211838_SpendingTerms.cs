using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiPlatform.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class SpendingTerms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "team_id",
                table: "users",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "reason",
                table: "ledger_entries",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "api_key_id",
                table: "access_tokens",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "funding_rules",
                columns: table => new
                {
                    owner_kind = table.Column<int>(type: "integer", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    credits = table.Column<bool>(type: "boolean", nullable: false),
                    wallet = table.Column<bool>(type: "boolean", nullable: false),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    modified_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_funding_rules", x => new { x.owner_id, x.owner_kind });
                });

            migrationBuilder.CreateTable(
                name: "model_prices",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    model = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    effective_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    input_per_million = table.Column<long>(type: "bigint", nullable: true),
                    cached_input_per_million = table.Column<long>(type: "bigint", nullable: true),
                    answer_per_million = table.Column<long>(type: "bigint", nullable: true),
                    source = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    as_of = table.Column<DateOnly>(type: "date", nullable: false),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_model_prices", x => x.id);
                    table.CheckConstraint("ck_model_prices_answer", "answer_per_million >= 0");
                    table.CheckConstraint("ck_model_prices_cached", "cached_input_per_million >= 0");
                    table.CheckConstraint("ck_model_prices_input", "input_per_million >= 0");
                });

            migrationBuilder.CreateTable(
                name: "spending_limits",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_kind = table.Column<int>(type: "integer", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    meter = table.Column<int>(type: "integer", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    modified_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_spending_limits", x => x.id);
                    table.CheckConstraint("ck_spending_limits_amount", "amount >= 0");
                });

            migrationBuilder.CreateTable(
                name: "teams",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    normalised_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_teams", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "image_prices",
                columns: table => new
                {
                    price_id = table.Column<Guid>(type: "uuid", nullable: false),
                    size = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    quality = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_image_prices", x => new { x.price_id, x.size, x.quality });
                    table.CheckConstraint("ck_image_prices_amount", "amount >= 0");
                    table.ForeignKey(
                        name: "FK_image_prices_model_prices_price_id",
                        column: x => x.price_id,
                        principalTable: "model_prices",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_users_team_id",
                table: "users",
                column: "team_id");

            migrationBuilder.CreateIndex(
                name: "ux_model_prices_model_effective",
                table: "model_prices",
                columns: new[] { "model", "effective_from" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_spending_limits_owner_meter",
                table: "spending_limits",
                columns: new[] { "owner_id", "owner_kind", "meter" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_teams_name",
                table: "teams",
                column: "normalised_name",
                unique: true);

            migrationBuilder.AddForeignKey(
                name: "FK_users_teams_team_id",
                table: "users",
                column: "team_id",
                principalTable: "teams",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_users_teams_team_id",
                table: "users");

            migrationBuilder.DropTable(
                name: "funding_rules");

            migrationBuilder.DropTable(
                name: "image_prices");

            migrationBuilder.DropTable(
                name: "spending_limits");

            migrationBuilder.DropTable(
                name: "teams");

            migrationBuilder.DropTable(
                name: "model_prices");

            migrationBuilder.DropIndex(
                name: "IX_users_team_id",
                table: "users");

            migrationBuilder.DropColumn(
                name: "team_id",
                table: "users");

            migrationBuilder.DropColumn(
                name: "reason",
                table: "ledger_entries");

            migrationBuilder.DropColumn(
                name: "api_key_id",
                table: "access_tokens");
        }
    }
}
