using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiPlatform.Migrations.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class SavedCalls : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "saved_calls",
                columns: table => new
                {
                    request_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    earlier_request_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    user_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    api_key_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    model = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    day = table.Column<int>(type: "int", nullable: false),
                    money = table.Column<long>(type: "bigint", nullable: false),
                    credits = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_saved_calls", x => x.request_id);
                    table.CheckConstraint("ck_saved_calls_amounts", "money >= 0 AND credits >= 0");
                });

            migrationBuilder.CreateIndex(
                name: "ix_saved_calls_day",
                table: "saved_calls",
                column: "day");

            migrationBuilder.CreateIndex(
                name: "ix_saved_calls_user_day",
                table: "saved_calls",
                columns: new[] { "user_id", "day" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "saved_calls");
        }
    }
}
