using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiPlatform.Migrations.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class Plans : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_usage_records_counts",
                table: "usage_records");

            migrationBuilder.AddColumn<string>(
                name: "metadata",
                table: "usage_records",
                type: "character varying(4000)",
                maxLength: 4000,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "own_tokens",
                table: "usage_records",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "request_type",
                table: "usage_records",
                type: "character varying(50)",
                maxLength: 50,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "plans",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(50)", unicode: false, maxLength: 50, nullable: false),
                    display_name = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: false),
                    monthly_tokens = table.Column<long>(type: "bigint", nullable: false),
                    price = table.Column<long>(type: "bigint", nullable: false),
                    features = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    active = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_plans", x => x.id);
                    table.CheckConstraint("ck_plans_price", "price >= 0 AND (name <> 'free' OR price = 0)");
                    table.CheckConstraint("ck_plans_tokens", "monthly_tokens >= 0");
                });

            migrationBuilder.CreateTable(
                name: "subscriptions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan_id = table.Column<Guid>(type: "uuid", nullable: false),
                    next_plan_id = table.Column<Guid>(type: "uuid", nullable: true),
                    ends_with_period = table.Column<bool>(type: "boolean", nullable: false),
                    reference = table.Column<string>(type: "character varying(255)", unicode: false, maxLength: 255, nullable: false),
                    period_start = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    period_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    tokens_given = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_subscriptions", x => x.id);
                    table.CheckConstraint("ck_subscriptions_period", "period_end > period_start");
                    table.ForeignKey(
                        name: "FK_subscriptions_plans_next_plan_id",
                        column: x => x.next_plan_id,
                        principalTable: "plans",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_subscriptions_plans_plan_id",
                        column: x => x.plan_id,
                        principalTable: "plans",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_subscriptions_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_usage_records_counts",
                table: "usage_records",
                sql: "cached_tokens >= 0 AND prompt_tokens >= cached_tokens AND reasoning_tokens >= 0 AND answer_tokens >= reasoning_tokens AND images >= 0 AND own_tokens >= 0");

            migrationBuilder.CreateIndex(
                name: "ux_plans_name",
                table: "plans",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_next_plan_id",
                table: "subscriptions",
                column: "next_plan_id");

            migrationBuilder.CreateIndex(
                name: "ix_subscriptions_open_end",
                table: "subscriptions",
                column: "period_end",
                filter: "ended_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_subscriptions_plan_id",
                table: "subscriptions",
                column: "plan_id");

            migrationBuilder.CreateIndex(
                name: "ux_subscriptions_open_user",
                table: "subscriptions",
                column: "user_id",
                unique: true,
                filter: "ended_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ux_subscriptions_reference",
                table: "subscriptions",
                column: "reference",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "subscriptions");

            migrationBuilder.DropTable(
                name: "plans");

            migrationBuilder.DropCheckConstraint(
                name: "ck_usage_records_counts",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "metadata",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "own_tokens",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "request_type",
                table: "usage_records");

            migrationBuilder.AddCheckConstraint(
                name: "ck_usage_records_counts",
                table: "usage_records",
                sql: "cached_tokens >= 0 AND prompt_tokens >= cached_tokens AND reasoning_tokens >= 0 AND answer_tokens >= reasoning_tokens AND images >= 0");
        }
    }
}
