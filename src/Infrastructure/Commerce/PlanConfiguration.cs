using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Commerce;

internal sealed class PlanConfiguration : IEntityTypeConfiguration<Plan>
{
    public void Configure(EntityTypeBuilder<Plan> builder)
    {
        builder.ToTable("plans", table =>
        {
            table.HasCheckConstraint("ck_plans_tokens", "monthly_tokens >= 0");
            table.HasCheckConstraint("ck_plans_price", $"price >= 0 AND (name <> '{Plan.Free}' OR price = 0)");
        });
        builder.Property(plan => plan.Id).ValueGeneratedNever();
        builder.Property(plan => plan.Name).HasMaxLength(Plan.MaxNameLength).IsUnicode(false);
        builder.Property(plan => plan.DisplayName).HasMaxLength(Plan.MaxNameLength);
        builder.Property(plan => plan.Features).HasMaxLength(Plan.MaxFeaturesLength);
        builder.Ignore(plan => plan.IsPaid);
        builder.HasIndex(plan => plan.Name).IsUnique().HasDatabaseName("ux_plans_name");
    }
}

internal sealed class SubscriptionConfiguration : IEntityTypeConfiguration<Subscription>
{
    public void Configure(EntityTypeBuilder<Subscription> builder)
    {
        builder.ToTable("subscriptions", table => table.HasCheckConstraint("ck_subscriptions_period", "period_end > period_start"));
        builder.Property(subscription => subscription.Id).ValueGeneratedNever();
        builder.Property(subscription => subscription.Reference).HasMaxLength(Subscription.MaxReferenceLength).IsUnicode(false);

        // Whoever changes it first wins: what a second one decided on is not so any more.
        builder.Property(subscription => subscription.PlanId).IsConcurrencyToken();
        builder.Property(subscription => subscription.NextPlanId).IsConcurrencyToken();
        builder.Property(subscription => subscription.EndsWithPeriod).IsConcurrencyToken();
        builder.Property(subscription => subscription.PeriodEnd).IsConcurrencyToken();
        builder.Property(subscription => subscription.EndedAt).IsConcurrencyToken();

        // One plan is paid for at a time.
        builder.HasIndex(subscription => subscription.UserId).IsUnique().HasFilter("ended_at IS NULL").HasDatabaseName("ux_subscriptions_open_user");
        builder.HasIndex(subscription => subscription.PeriodEnd).HasFilter("ended_at IS NULL").HasDatabaseName("ix_subscriptions_open_end");
        builder.HasIndex(subscription => subscription.Reference).IsUnique().HasDatabaseName("ux_subscriptions_reference");
        builder.HasOne<User>().WithMany().HasForeignKey(subscription => subscription.UserId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Plan>().WithMany().HasForeignKey(subscription => subscription.PlanId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Plan>().WithMany().HasForeignKey(subscription => subscription.NextPlanId).OnDelete(DeleteBehavior.Restrict);
    }
}
