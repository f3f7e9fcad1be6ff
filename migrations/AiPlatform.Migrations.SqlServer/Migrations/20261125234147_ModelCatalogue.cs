using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiPlatform.Migrations.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class ModelCatalogue : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_usage_records_counts",
                table: "usage_records");

            migrationBuilder.AddColumn<long>(
                name: "reasoning_tokens",
                table: "usage_records",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "reasoning_per_million",
                table: "model_prices",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "catalogue_seeds",
                columns: table => new
                {
                    key = table.Column<string>(type: "nvarchar(450)", maxLength: 450, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_catalogue_seeds", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "model_allowances",
                columns: table => new
                {
                    owner_kind = table.Column<int>(type: "int", nullable: false),
                    owner_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    models = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    actor_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    modified_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_model_allowances", x => new { x.owner_id, x.owner_kind });
                });

            migrationBuilder.CreateTable(
                name: "models",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    family = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    capabilities = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    context_window = table.Column<int>(type: "int", nullable: true),
                    max_answer_tokens = table.Column<int>(type: "int", nullable: false),
                    output_limit_field = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    quality_index = table.Column<double>(type: "float", nullable: true),
                    median_tokens_per_second = table.Column<double>(type: "float", nullable: true),
                    median_first_chunk_seconds = table.Column<double>(type: "float", nullable: true),
                    retired_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    modified_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    version = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_models", x => x.id);
                    table.CheckConstraint("ck_models_context_window", "context_window > 0");
                    table.CheckConstraint("ck_models_first_chunk", "median_first_chunk_seconds >= 0");
                    table.CheckConstraint("ck_models_max_answer_tokens", "max_answer_tokens > 0");
                    table.CheckConstraint("ck_models_output_limit_field", "output_limit_field IN ('max_tokens', 'max_completion_tokens')");
                    table.CheckConstraint("ck_models_quality_index", "quality_index >= 0 AND quality_index <= 100");
                    table.CheckConstraint("ck_models_tokens_per_second", "median_tokens_per_second > 0");
                });

            migrationBuilder.CreateTable(
                name: "model_changes",
                columns: table => new
                {
                    model_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    version = table.Column<int>(type: "int", nullable: false),
                    kind = table.Column<int>(type: "int", nullable: false),
                    before_json = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    after_json = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    actor_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_model_changes", x => new { x.model_id, x.version });
                    table.CheckConstraint("ck_model_changes_before", "(kind = 0 AND before_json IS NULL) OR (kind <> 0 AND before_json IS NOT NULL)");
                    table.ForeignKey(
                        name: "FK_model_changes_models_model_id",
                        column: x => x.model_id,
                        principalTable: "models",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "model_names",
                columns: table => new
                {
                    name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    model_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    is_alias = table.Column<bool>(type: "bit", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_names", x => x.name);
                    table.ForeignKey(
                        name: "FK_model_names_models_model_id",
                        column: x => x.model_id,
                        principalTable: "models",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "model_routes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    model_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    provider = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    upstream_model = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    route_order = table.Column<int>(type: "int", nullable: false),
                    weight = table.Column<int>(type: "int", nullable: false),
                    enabled = table.Column<bool>(type: "bit", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_model_routes", x => x.id);
                    table.CheckConstraint("ck_model_routes_order", "route_order >= 0 AND route_order <= 100");
                    table.CheckConstraint("ck_model_routes_weight", "weight >= 1 AND weight <= 1000");
                    table.ForeignKey(
                        name: "FK_model_routes_models_model_id",
                        column: x => x.model_id,
                        principalTable: "models",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.AddCheckConstraint(
                name: "ck_usage_records_counts",
                table: "usage_records",
                sql: "cached_tokens >= 0 AND prompt_tokens >= cached_tokens AND reasoning_tokens >= 0 AND answer_tokens >= reasoning_tokens AND images >= 0");

            migrationBuilder.AddCheckConstraint(
                name: "ck_model_prices_reasoning",
                table: "model_prices",
                sql: "reasoning_per_million >= 0");

            migrationBuilder.CreateIndex(
                name: "IX_model_names_model_id",
                table: "model_names",
                column: "model_id");

            migrationBuilder.CreateIndex(
                name: "ux_model_routes_model_provider_upstream",
                table: "model_routes",
                columns: new[] { "model_id", "provider", "upstream_model" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_models_name",
                table: "models",
                column: "name",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "catalogue_seeds");

            migrationBuilder.DropTable(
                name: "model_allowances");

            migrationBuilder.DropTable(
                name: "model_changes");

            migrationBuilder.DropTable(
                name: "model_names");

            migrationBuilder.DropTable(
                name: "model_routes");

            migrationBuilder.DropTable(
                name: "models");

            migrationBuilder.DropCheckConstraint(
                name: "ck_usage_records_counts",
                table: "usage_records");

            migrationBuilder.DropCheckConstraint(
                name: "ck_model_prices_reasoning",
                table: "model_prices");

            migrationBuilder.DropColumn(
                name: "reasoning_tokens",
                table: "usage_records");

            migrationBuilder.DropColumn(
                name: "reasoning_per_million",
                table: "model_prices");

            migrationBuilder.AddCheckConstraint(
                name: "ck_usage_records_counts",
                table: "usage_records",
                sql: "cached_tokens >= 0 AND prompt_tokens >= cached_tokens AND answer_tokens >= 0 AND images >= 0");
        }
    }
}
