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
        builder.Property(account => account.Id).ValueGeneratedNever();
        builder.Ignore(account => account.Available);
        builder.Ignore(account => account.IsNew);
        builder.Ignore(account => account.Key);
        builder.HasIndex(account => new { account.OwnerKind, account.OwnerId, account.Meter, account.PeriodStart })
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
        builder.HasIndex(entry => new { entry.AccountId, entry.Sequence }).IsUnique().HasDatabaseName("ux_ledger_entries_account_sequence");
        builder.HasIndex(entry => entry.RequestId).HasDatabaseName("ix_ledger_entries_request");
        builder.HasOne<LedgerAccount>().WithMany().HasForeignKey(entry => entry.AccountId).OnDelete(DeleteBehavior.Restrict);
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
        builder.HasIndex(hold => new { hold.State, hold.ExpiresAt }).HasDatabaseName("ix_holds_state_expiry");
        builder.HasMany(hold => hold.Lines).WithOne().HasForeignKey(line => line.HoldId).OnDelete(DeleteBehavior.Restrict);
        builder.Navigation(hold => hold.Lines).UsePropertyAccessMode(PropertyAccessMode.Field);
    }
}

internal sealed class HoldLineConfiguration : IEntityTypeConfiguration<HoldLine>
{
    public void Configure(EntityTypeBuilder<HoldLine> builder)
    {
        builder.ToTable("hold_lines", table =>
        {
            table.HasCheckConstraint("ck_hold_lines_amount", "amount > 0");
            table.HasCheckConstraint("ck_hold_lines_captured", "captured IS NULL OR (captured >= 0 AND captured <= amount)");
        });
        builder.HasKey(line => new { line.HoldId, line.AccountId });
        builder.HasOne<LedgerAccount>().WithMany().HasForeignKey(line => line.AccountId).OnDelete(DeleteBehavior.Restrict);
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
