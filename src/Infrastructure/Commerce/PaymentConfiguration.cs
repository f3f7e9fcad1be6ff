using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Commerce;

internal sealed class TopUpConfiguration : IEntityTypeConfiguration<TopUp>
{
    public void Configure(EntityTypeBuilder<TopUp> builder)
    {
        var least = TopUp.MinCents * MeterUnits.PerCent;
        builder.ToTable("top_ups", table =>
        {
            table.HasCheckConstraint("ck_top_ups_amount", $"amount >= {least}");
            table.HasCheckConstraint("ck_top_ups_refunded", "refunded >= 0 AND refunded <= amount");
            table.HasCheckConstraint("ck_top_ups_charge", $"charge_id IS NOT NULL OR state NOT IN ({(int)TopUpState.Charged}, {(int)TopUpState.Credited})");
            table.HasCheckConstraint("ck_top_ups_credit", $"balance_after IS NOT NULL OR state <> {(int)TopUpState.Credited}");
        });
        builder.Property(topUp => topUp.Id).ValueGeneratedNever();
        builder.Property(topUp => topUp.Fingerprint).HasMaxLength(IdempotentCall.FingerprintLength).IsFixedLength();
        builder.Property(topUp => topUp.ChargeId).HasMaxLength(TopUp.MaxReferenceLength).IsUnicode(false);
        builder.Property(topUp => topUp.Failure).HasMaxLength(TopUp.MaxFailureLength);
        builder.Ignore(topUp => topUp.Cents);

        // Whoever changes it first wins: the other one looks again.
        builder.Property(topUp => topUp.State).IsConcurrencyToken();
        builder.Property(topUp => topUp.AskedAt).IsConcurrencyToken();
        builder.Property(topUp => topUp.Refunded).IsConcurrencyToken();

        builder.HasIndex(topUp => topUp.KeyId).IsUnique().HasFilter("key_id IS NOT NULL").HasDatabaseName("ux_top_ups_key");
        builder.HasIndex(topUp => topUp.ChargeId).IsUnique().HasFilter("charge_id IS NOT NULL").HasDatabaseName("ux_top_ups_charge");
        builder.HasIndex(topUp => topUp.LookAt).HasFilter("settled_at IS NULL").HasDatabaseName("ix_top_ups_open_look");
        builder.HasIndex(topUp => new { topUp.UserId, topUp.CreatedAt }).HasDatabaseName("ix_top_ups_user_created");
        builder.HasIndex(topUp => topUp.CreatedAt).HasDatabaseName("ix_top_ups_created");
        builder.HasOne<User>().WithMany().HasForeignKey(topUp => topUp.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class PaymentEventConfiguration : IEntityTypeConfiguration<PaymentEvent>
{
    public void Configure(EntityTypeBuilder<PaymentEvent> builder)
    {
        builder.ToTable("payment_events", table =>
            table.HasCheckConstraint("ck_payment_events_subject", $"subject = {(int)PaymentSubject.Other} OR reference IS NOT NULL"));
        builder.Property(told => told.Id).HasMaxLength(PaymentEvent.MaxIdLength).IsUnicode(false);
        builder.Property(told => told.Type).HasMaxLength(PaymentEvent.MaxTypeLength);
        builder.Property(told => told.Reference).HasMaxLength(PaymentEvent.MaxIdLength).IsUnicode(false);
        builder.HasIndex(told => told.ReceivedAt).HasFilter("settled_at IS NULL").HasDatabaseName("ix_payment_events_open_received");
    }
}

internal sealed class PaymentCustomerConfiguration : IEntityTypeConfiguration<PaymentCustomer>
{
    public void Configure(EntityTypeBuilder<PaymentCustomer> builder)
    {
        builder.ToTable("payment_customers", table => table.HasCheckConstraint("ck_payment_customers_declines", "declines >= 0"));
        builder.HasKey(customer => customer.UserId);
        builder.Property(customer => customer.UserId).ValueGeneratedNever();
        builder.Property(customer => customer.Reference).HasMaxLength(Subscription.MaxReferenceLength).IsUnicode(false);
        builder.Property(customer => customer.Declines).IsConcurrencyToken();
        builder.HasIndex(customer => customer.Reference).IsUnique().HasDatabaseName("ux_payment_customers_reference");
        builder.HasOne<User>().WithOne().HasForeignKey<PaymentCustomer>(customer => customer.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
