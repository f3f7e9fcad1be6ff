using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AiPlatform.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "audit_records",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    correlation_id = table.Column<string>(type: "TEXT", maxLength: 128, nullable: true),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    method = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    path = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    route_key = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    endpoint_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    user_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    token_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    api_key_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    status = table.Column<int>(type: "INTEGER", nullable: false),
                    elapsed_milliseconds = table.Column<long>(type: "INTEGER", nullable: false),
                    hold_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    charged = table.Column<long>(type: "INTEGER", nullable: false),
                    ip_address = table.Column<string>(type: "TEXT", maxLength: 50, nullable: true),
                    user_agent = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    request_headers = table.Column<string>(type: "TEXT", nullable: true),
                    request_body = table.Column<string>(type: "TEXT", maxLength: 8192, nullable: true),
                    response_body = table.Column<string>(type: "TEXT", maxLength: 8192, nullable: true),
                    error = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_records", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "endpoints",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    path = table.Column<string>(type: "TEXT", maxLength: 450, nullable: false),
                    route_key = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    description = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: false),
                    active = table.Column<bool>(type: "INTEGER", nullable: false),
                    cost = table.Column<int>(type: "INTEGER", nullable: false),
                    price_version_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    modified_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_endpoints", x => x.id);
                    table.CheckConstraint("ck_endpoints_cost", "cost > 0");
                });

            migrationBuilder.CreateTable(
                name: "holds",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    request_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    user_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    route_key = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    price_version_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    state = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    dispatched_at = table.Column<long>(type: "INTEGER", nullable: true),
                    settled_at = table.Column<long>(type: "INTEGER", nullable: true),
                    reason = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_holds", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "ledger_accounts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    owner_kind = table.Column<int>(type: "INTEGER", nullable: false),
                    owner_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    meter = table.Column<int>(type: "INTEGER", nullable: false),
                    period = table.Column<string>(type: "TEXT", unicode: false, maxLength: 20, nullable: false),
                    granted = table.Column<long>(type: "INTEGER", nullable: false),
                    held = table.Column<long>(type: "INTEGER", nullable: false),
                    spent = table.Column<long>(type: "INTEGER", nullable: false),
                    entry_count = table.Column<long>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ledger_accounts", x => x.id);
                    table.CheckConstraint("ck_ledger_accounts_available", "granted - held - spent >= 0");
                    table.CheckConstraint("ck_ledger_accounts_held", "held >= 0");
                    table.CheckConstraint("ck_ledger_accounts_spent", "spent >= 0");
                });

            migrationBuilder.CreateTable(
                name: "rag_library",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    revision = table.Column<long>(type: "INTEGER", nullable: false),
                    chunk_count = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rag_library", x => x.id);
                    table.CheckConstraint("ck_rag_library_chunk_count", "chunk_count >= 0");
                });

            migrationBuilder.CreateTable(
                name: "tier_allowances",
                columns: table => new
                {
                    tier = table.Column<int>(type: "INTEGER", nullable: false),
                    monthly_credits = table.Column<int>(type: "INTEGER", nullable: false),
                    description = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    modified_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tier_allowances", x => x.tier);
                    table.CheckConstraint("ck_tier_allowances_credits", "monthly_credits >= 0");
                    table.CheckConstraint("ck_tier_allowances_tier", "tier >= 0 AND tier <= 5");
                });

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    user_name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    email = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    common_name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    tier = table.Column<int>(type: "INTEGER", nullable: false),
                    active = table.Column<bool>(type: "INTEGER", nullable: false),
                    comment = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    modified_at = table.Column<long>(type: "INTEGER", nullable: false),
                    deleted_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_users", x => x.id);
                    table.CheckConstraint("ck_users_tier", "tier >= 0 AND tier <= 5");
                });

            migrationBuilder.CreateTable(
                name: "endpoint_prices",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    endpoint_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    cost = table.Column<int>(type: "INTEGER", nullable: false),
                    effective_from = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_endpoint_prices", x => x.id);
                    table.CheckConstraint("ck_endpoint_prices_cost", "cost > 0");
                    table.ForeignKey(
                        name: "FK_endpoint_prices_endpoints_endpoint_id",
                        column: x => x.endpoint_id,
                        principalTable: "endpoints",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "platform_losses",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    hold_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    request_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    meter = table.Column<int>(type: "INTEGER", nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_platform_losses", x => x.id);
                    table.CheckConstraint("ck_platform_losses_amount", "amount > 0");
                    table.ForeignKey(
                        name: "FK_platform_losses_holds_hold_id",
                        column: x => x.hold_id,
                        principalTable: "holds",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ledger_entries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<int>(type: "INTEGER", nullable: false),
                    granted_delta = table.Column<long>(type: "INTEGER", nullable: false),
                    held_delta = table.Column<long>(type: "INTEGER", nullable: false),
                    spent_delta = table.Column<long>(type: "INTEGER", nullable: false),
                    available_after = table.Column<long>(type: "INTEGER", nullable: false),
                    request_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    hold_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    price_version_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    actor_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ledger_entries", x => x.id);
                    table.CheckConstraint("ck_ledger_entries_available", "available_after >= 0");
                    table.ForeignKey(
                        name: "FK_ledger_entries_ledger_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "ledger_accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "access_tokens",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    user_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    tier = table.Column<int>(type: "INTEGER", nullable: false),
                    issuer = table.Column<int>(type: "INTEGER", nullable: false),
                    hash = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    prefix = table.Column<string>(type: "TEXT", unicode: false, maxLength: 16, nullable: false),
                    lifetime_seconds = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    revoked_at = table.Column<long>(type: "INTEGER", nullable: true),
                    regenerated_from = table.Column<Guid>(type: "TEXT", nullable: true),
                    regenerated_by = table.Column<Guid>(type: "TEXT", nullable: true),
                    regenerated_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_tokens", x => x.id);
                    table.CheckConstraint("ck_access_tokens_tier", "tier >= 0 AND tier <= 5");
                    table.ForeignKey(
                        name: "FK_access_tokens_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    user_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<int>(type: "INTEGER", nullable: false),
                    hash = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    prefix = table.Column<string>(type: "TEXT", unicode: false, maxLength: 16, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    revoked_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_api_keys", x => x.id);
                    table.ForeignKey(
                        name: "FK_api_keys_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "file_uploads",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    owner_user_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    original_name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    container = table.Column<string>(type: "TEXT", unicode: false, maxLength: 63, nullable: false),
                    blob_name = table.Column<string>(type: "TEXT", unicode: false, maxLength: 200, nullable: false),
                    content_type = table.Column<string>(type: "TEXT", unicode: false, maxLength: 127, nullable: false),
                    size = table.Column<long>(type: "INTEGER", nullable: false),
                    sha256 = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_file_uploads", x => x.id);
                    table.CheckConstraint("ck_file_uploads_size", "size >= 0");
                    table.ForeignKey(
                        name: "FK_file_uploads_users_owner_user_id",
                        column: x => x.owner_user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "rag_documents",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    file_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    collection = table.Column<string>(type: "TEXT", unicode: false, maxLength: 36, nullable: false),
                    chunk_count = table.Column<int>(type: "INTEGER", nullable: false),
                    embedding_model = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    indexed_by = table.Column<Guid>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rag_documents", x => x.id);
                    table.CheckConstraint("ck_rag_documents_chunk_count", "chunk_count > 0");
                    table.ForeignKey(
                        name: "FK_rag_documents_users_indexed_by",
                        column: x => x.indexed_by,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "rag_chunks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    document_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    text = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    embedding = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rag_chunks", x => x.id);
                    table.CheckConstraint("ck_rag_chunks_ordinal", "ordinal >= 0");
                    table.ForeignKey(
                        name: "FK_rag_chunks_rag_documents_document_id",
                        column: x => x.document_id,
                        principalTable: "rag_documents",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "rag_library",
                columns: new[] { "id", "chunk_count", "revision" },
                values: new object[] { 1, 0, 0L });

            migrationBuilder.CreateIndex(
                name: "ix_access_tokens_user_expiry",
                table: "access_tokens",
                columns: new[] { "user_id", "expires_at" });

            migrationBuilder.CreateIndex(
                name: "ux_access_tokens_hash",
                table: "access_tokens",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_api_keys_user_id",
                table: "api_keys",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ux_api_keys_hash",
                table: "api_keys",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_audit_records_started",
                table: "audit_records",
                column: "started_at");

            migrationBuilder.CreateIndex(
                name: "ix_audit_records_user_started",
                table: "audit_records",
                columns: new[] { "user_id", "started_at" });

            migrationBuilder.CreateIndex(
                name: "IX_endpoint_prices_endpoint_id",
                table: "endpoint_prices",
                column: "endpoint_id");

            migrationBuilder.CreateIndex(
                name: "ux_endpoints_path",
                table: "endpoints",
                column: "path",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_endpoints_route_key",
                table: "endpoints",
                column: "route_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_file_uploads_owner_user_id",
                table: "file_uploads",
                column: "owner_user_id");

            migrationBuilder.CreateIndex(
                name: "ux_file_uploads_blob_name",
                table: "file_uploads",
                column: "blob_name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_holds_state_expiry",
                table: "holds",
                columns: new[] { "state", "expires_at" });

            migrationBuilder.CreateIndex(
                name: "ux_holds_request",
                table: "holds",
                column: "request_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_ledger_accounts_owner_meter_period",
                table: "ledger_accounts",
                columns: new[] { "owner_kind", "owner_id", "meter", "period" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_ledger_entries_request",
                table: "ledger_entries",
                column: "request_id");

            migrationBuilder.CreateIndex(
                name: "ux_ledger_entries_account_sequence",
                table: "ledger_entries",
                columns: new[] { "account_id", "sequence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_platform_losses_created",
                table: "platform_losses",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_platform_losses_hold_id",
                table: "platform_losses",
                column: "hold_id");

            migrationBuilder.CreateIndex(
                name: "ux_rag_chunks_document_ordinal",
                table: "rag_chunks",
                columns: new[] { "document_id", "ordinal" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_rag_documents_indexed_by",
                table: "rag_documents",
                column: "indexed_by");

            migrationBuilder.CreateIndex(
                name: "ux_rag_documents_file_collection",
                table: "rag_documents",
                columns: new[] { "file_id", "collection" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_users_email",
                table: "users",
                column: "email",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "access_tokens");

            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "audit_records");

            migrationBuilder.DropTable(
                name: "endpoint_prices");

            migrationBuilder.DropTable(
                name: "file_uploads");

            migrationBuilder.DropTable(
                name: "ledger_entries");

            migrationBuilder.DropTable(
                name: "platform_losses");

            migrationBuilder.DropTable(
                name: "rag_chunks");

            migrationBuilder.DropTable(
                name: "rag_library");

            migrationBuilder.DropTable(
                name: "tier_allowances");

            migrationBuilder.DropTable(
                name: "endpoints");

            migrationBuilder.DropTable(
                name: "ledger_accounts");

            migrationBuilder.DropTable(
                name: "holds");

            migrationBuilder.DropTable(
                name: "rag_documents");

            migrationBuilder.DropTable(
                name: "users");
        }
    }
}
