using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiPlatform.Migrations.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class Payments : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "deposits",
                columns: table => new
                {
                    reference = table.Column<string>(type: "varchar(255)", unicode: false, maxLength: 255, nullable: false),
                    account_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    balance_after = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_deposits", x => x.reference);
                    table.CheckConstraint("ck_deposits_amount", "amount > 0");
                });

            migrationBuilder.CreateTable(
                name: "payment_customers",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    reference = table.Column<string>(type: "varchar(255)", unicode: false, maxLength: 255, nullable: false),
                    declines = table.Column<int>(type: "int", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_payment_customers", x => x.user_id);
                    table.CheckConstraint("ck_payment_customers_declines", "declines >= 0");
                    table.ForeignKey(
                        name: "FK_payment_customers_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "payment_events",
                columns: table => new
                {
                    id = table.Column<string>(type: "varchar(255)", unicode: false, maxLength: 255, nullable: false),
                    type = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    subject = table.Column<int>(type: "int", nullable: false),
                    reference = table.Column<string>(type: "varchar(255)", unicode: false, maxLength: 255, nullable: true),
                    received_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    settled_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_payment_events", x => x.id);
                    table.CheckConstraint("ck_payment_events_subject", "subject = 0 OR reference IS NOT NULL");
                });

            migrationBuilder.CreateTable(
                name: "top_ups",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    user_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<int>(type: "int", nullable: false),
                    key_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    fingerprint = table.Column<byte[]>(type: "binary(32)", fixedLength: true, maxLength: 32, nullable: true),
                    request_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    charge_id = table.Column<string>(type: "varchar(255)", unicode: false, maxLength: 255, nullable: true),
                    failure = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true),
                    balance_after = table.Column<long>(type: "bigint", nullable: true),
                    refunded = table.Column<long>(type: "bigint", nullable: false),
                    is_disputed = table.Column<bool>(type: "bit", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    is_asking = table.Column<bool>(type: "bit", nullable: false),
                    look_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    settled_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_top_ups", x => x.id);
                    table.CheckConstraint("ck_top_ups_amount", "amount >= 500000000");
                    table.CheckConstraint("ck_top_ups_charge", "charge_id IS NOT NULL OR state NOT IN (1, 2)");
                    table.CheckConstraint("ck_top_ups_credit", "balance_after IS NOT NULL OR state <> 2");
                    table.CheckConstraint("ck_top_ups_refunded", "refunded >= 0 AND refunded <= amount");
                    table.ForeignKey(
                        name: "FK_top_ups_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ux_deposits_entry",
                table: "deposits",
                columns: new[] { "account_id", "sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_payment_customers_reference",
                table: "payment_customers",
                column: "reference",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_payment_events_open_received",
                table: "payment_events",
                column: "received_at",
                filter: "settled_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_top_ups_created",
                table: "top_ups",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_top_ups_open_look",
                table: "top_ups",
                column: "look_at",
                filter: "settled_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_top_ups_user_created",
                table: "top_ups",
                columns: new[] { "user_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ux_top_ups_charge",
                table: "top_ups",
                column: "charge_id",
                unique: true,
                filter: "charge_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ux_top_ups_key",
                table: "top_ups",
                column: "key_id",
                unique: true,
                filter: "key_id IS NOT NULL");

            // Who was given a key by an administrator, or administers, was vouched for: their first sign-in by a code must end nothing.
            migrationBuilder.Sql(
                "UPDATE users SET email_verified_at = created_at WHERE email_verified_at IS NULL AND deleted_at IS NULL "
                + "AND (tier = 0 OR EXISTS (SELECT 1 FROM api_keys WHERE api_keys.user_id = users.id AND api_keys.kind = 0))");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "deposits");

            migrationBuilder.DropTable(
                name: "payment_customers");

            migrationBuilder.DropTable(
                name: "payment_events");

            migrationBuilder.DropTable(
                name: "top_ups");
        }
    }
}
