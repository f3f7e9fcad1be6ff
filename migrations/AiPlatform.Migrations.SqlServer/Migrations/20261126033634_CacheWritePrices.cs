using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiPlatform.Migrations.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class CacheWritePrices : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "cache_write_tokens",
                table: "usage_records",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "long_cache_write_tokens",
                table: "usage_records",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "cache_write_per_million",
                table: "model_prices",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "long_cache_write_per_million",
                table: "model_prices",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_usage_records_cache_writes",
                table: "usage_records",
                sql: "cache_write_tokens >= 0 AND long_cache_write_tokens >= 0 AND prompt_tokens - cached_tokens >= cache_write_tokens + long_cache_write_tokens");

            migrationBuilder.AddCheckConstraint(
                name: "ck_model_prices_cache_writes",
                table: "model_prices",
                sql: "cache_write_per_million >= 0 AND long_cache_write_per_million >= 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_usage_records_cache_writes",
                table: "usage_records");

            migrationBuilder.DropCheckConstraint(
                name: "ck_model_prices_cache_writes",
                table: "model_prices");

            migrationBuilder.DropColumn(
                name: "cache_write_tokens",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "long_cache_write_tokens",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "cache_write_per_million",
                table: "model_prices");

            migrationBuilder.DropColumn(
                name: "long_cache_write_per_million",
                table: "model_prices");
        }
    }
}
