using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Metering;

internal sealed class LedgerAccountConfiguration : IEntityTypeConfiguration<LedgerAccount>
{
    public void Configure(EntityTypeBuilder<LedgerAccount> builder)
    {
        builder.ToTable("ledger_accounts", table =>
        {
            table.HasCheckConstraint("ck_ledger_accounts_available", "granted - held - spent >= 0");
            table.HasCheckConstraint("ck_ledger_accounts_held", "held >= 0");
            table.HasCheckConstraint("ck_ledger_accounts_spent", "spent >= 0");
        });

        // Accounts change with every call: room on their pages lets PostgreSQL leave the indexes alone (heap-only tuples).
        builder.HasAnnotation("Npgsql:StorageParameter:fillfactor", 50);
        builder.Property(account => account.Id).ValueGeneratedNever();
        builder.Ignore(account => account.Available);
        builder.Ignore(account => account.IsNew);
        builder.Ignore(account => account.Key);
        builder.HasIndex(account => new { account.OwnerKind, account.OwnerId, account.Meter, account.Period })
            .IsUnique()
            .HasDatabaseName("ux_ledger_accounts_owner_meter_period");
    }
}

internal sealed class LedgerEntryConfiguration : IEntityTypeConfiguration<LedgerEntry>
{
    public void Configure(EntityTypeBuilder<LedgerEntry> builder)
    {
        builder.ToTable("ledger_entries", table =>
            table.HasCheckConstraint("ck_ledger_entries_available", "available_after >= 0"));
        builder.Property(entry => entry.Id).ValueGeneratedNever();
        builder.Property(entry => entry.Reason).HasMaxLength(LedgerEntry.MaxReasonLength);

        // No foreign key to the account: the journal writes an entry under its account's lock alone, accounts are never deleted, and
        // the check would lock the account's row once more for every entry. Reconciliation sums what each account has.
        builder.HasKey(entry => new { entry.AccountId, entry.Sequence });
        builder.HasIndex(entry => entry.RequestId).HasDatabaseName("ix_ledger_entries_request");
        builder.HasIndex(entry => entry.CreatedAt).HasDatabaseName("ix_ledger_entries_created");
    }
}

internal sealed class DepositConfiguration : IEntityTypeConfiguration<Deposit>
{
    public void Configure(EntityTypeBuilder<Deposit> builder)
    {
        builder.ToTable("deposits", table => table.HasCheckConstraint("ck_deposits_amount", "amount > 0"));

        // A payment is booked once: a second deposit of it cannot be written.
        builder.HasKey(deposit => deposit.Reference);
        builder.Property(deposit => deposit.Reference).HasMaxLength(Deposit.MaxReferenceLength).IsUnicode(false);
        builder.HasIndex(deposit => new { deposit.AccountId, deposit.Sequence }).IsUnique().HasDatabaseName("ux_deposits_entry");
    }
}

internal sealed class HoldConfiguration : IEntityTypeConfiguration<Hold>
{
    public const int MaxReasonLength = 200;

    public void Configure(EntityTypeBuilder<Hold> builder)
    {
        builder.ToTable("holds");
        builder.Property(hold => hold.Id).ValueGeneratedNever();
        builder.Property(hold => hold.Reason).HasMaxLength(MaxReasonLength);
        builder.Ignore(hold => hold.IsOpen);

        // A call is paid once: a second hold of the same request cannot be written.
        builder.HasIndex(hold => hold.RequestId).IsUnique().HasDatabaseName("ux_holds_request");

        // Only what is not settled yet is ever looked for by its expiry, so the index stays as small as the work under way.
        builder.HasIndex(hold => hold.ExpiresAt).HasFilter("settled_at IS NULL").HasDatabaseName("ix_holds_open_expiry");

        // The lines of a hold are its entries in the ledger.
        builder.Ignore(hold => hold.Lines);

        // Whoever settles first wins: a second settlement finds another state and changes nothing.
        builder.Property(hold => hold.State).IsConcurrencyToken();
        builder.Property(hold => hold.RouteKey).HasMaxLength(100);
    }
}

internal sealed class HoldCandidateConfiguration : IEntityTypeConfiguration<HoldCandidate>
{
    public void Configure(EntityTypeBuilder<HoldCandidate> builder)
    {
        builder.ToTable("hold_candidates", table => table.HasCheckConstraint("ck_hold_candidates_position", "position >= 0"));
        builder.HasKey(candidate => new { candidate.HoldId, candidate.Position });
        builder.Property(candidate => candidate.Model).HasMaxLength(ModelPrice.MaxModelLength);
        builder.HasOne<Hold>().WithMany().HasForeignKey(candidate => candidate.HoldId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class UsageRecordConfiguration : IEntityTypeConfiguration<UsageRecord>
{
    public void Configure(EntityTypeBuilder<UsageRecord> builder)
    {
        builder.ToTable("usage_records", table =>
        {
            table.HasCheckConstraint(
                "ck_usage_records_counts",
                "cached_tokens >= 0 AND prompt_tokens >= cached_tokens AND reasoning_tokens >= 0 AND answer_tokens >= reasoning_tokens AND images >= 0 "
                + "AND own_tokens >= 0");
            table.HasCheckConstraint(
                "ck_usage_records_cache_writes",
                "cache_write_tokens >= 0 AND long_cache_write_tokens >= 0 AND prompt_tokens - cached_tokens >= cache_write_tokens + long_cache_write_tokens");
        });
        builder.HasKey(usage => usage.RequestId);
        builder.Property(usage => usage.RequestId).ValueGeneratedNever();
        builder.Property(usage => usage.RouteKey).HasMaxLength(100);
        builder.Property(usage => usage.Model).HasMaxLength(UsageRecord.MaxNameLength);
        builder.Property(usage => usage.Provider).HasMaxLength(UsageRecord.MaxNameLength);
        builder.Property(usage => usage.RequestType).HasMaxLength(UsageRecord.MaxTypeLength);
        builder.Property(usage => usage.Metadata).HasMaxLength(UsageRecord.MaxMetadataLength);
        builder.HasIndex(usage => new { usage.UserId, usage.CreatedAt }).HasDatabaseName("ix_usage_records_user_created");
    }
}

internal sealed class SavedCallConfiguration : IEntityTypeConfiguration<SavedCall>
{
    public void Configure(EntityTypeBuilder<SavedCall> builder)
    {
        builder.ToTable("saved_calls", table => table.HasCheckConstraint("ck_saved_calls_amounts", "money >= 0 AND credits >= 0"));
        builder.HasKey(call => call.RequestId);
        builder.Property(call => call.RequestId).ValueGeneratedNever();
        builder.Property(call => call.Model).HasMaxLength(UsageRecord.MaxNameLength);
        builder.Property(call => call.Day).HasConversion(day => day.DayNumber, number => DateOnly.FromDayNumber(number));
        builder.HasIndex(call => new { call.UserId, call.Day }).HasDatabaseName("ix_saved_calls_user_day");
        builder.HasIndex(call => call.Day).HasDatabaseName("ix_saved_calls_day");
    }
}

internal sealed class PlatformLossConfiguration : IEntityTypeConfiguration<PlatformLoss>
{
    public void Configure(EntityTypeBuilder<PlatformLoss> builder)
    {
        builder.ToTable("platform_losses", table => table.HasCheckConstraint("ck_platform_losses_amount", "amount > 0"));
        builder.Property(loss => loss.Id).ValueGeneratedNever();
        builder.HasIndex(loss => loss.CreatedAt).HasDatabaseName("ix_platform_losses_created");
        builder.HasOne<Hold>().WithMany().HasForeignKey(loss => loss.HoldId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class IdempotentCallConfiguration : IEntityTypeConfiguration<IdempotentCall>
{
    public void Configure(EntityTypeBuilder<IdempotentCall> builder)
    {
        builder.ToTable("idempotency_keys");
        builder.Property(call => call.Id).ValueGeneratedNever();
        builder.Property(call => call.Fingerprint).HasMaxLength(IdempotentCall.FingerprintLength).IsFixedLength();
        builder.HasIndex(call => call.ExpiresAt).HasDatabaseName("ix_idempotency_keys_expiry");
    }
}

internal sealed class TierAllowanceConfiguration : IEntityTypeConfiguration<TierAllowance>
{
    public void Configure(EntityTypeBuilder<TierAllowance> builder)
    {
        builder.ToTable("tier_allowances", table =>
        {
            table.HasCheckConstraint("ck_tier_allowances_tier", "tier >= 0 AND tier <= 5");
            table.HasCheckConstraint("ck_tier_allowances_credits", "monthly_credits >= 0");
        });
        builder.HasKey(allowance => allowance.Tier);
        builder.Property(allowance => allowance.Tier).ValueGeneratedNever();
        builder.Property(allowance => allowance.Description).HasMaxLength(100);
    }
}
