using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Metering;

internal sealed class SpendingLimitConfiguration : IEntityTypeConfiguration<SpendingLimit>
{
    public void Configure(EntityTypeBuilder<SpendingLimit> builder)
    {
        builder.ToTable("spending_limits", table => table.HasCheckConstraint("ck_spending_limits_amount", "amount >= 0"));
        builder.Property(limit => limit.Id).ValueGeneratedNever();
        builder.HasIndex(limit => new { limit.OwnerId, limit.OwnerKind, limit.Meter }).IsUnique().HasDatabaseName("ux_spending_limits_owner_meter");
    }
}

internal sealed class FundingRuleConfiguration : IEntityTypeConfiguration<FundingRule>
{
    public void Configure(EntityTypeBuilder<FundingRule> builder)
    {
        builder.ToTable("funding_rules");
        builder.HasKey(rule => new { rule.OwnerId, rule.OwnerKind });
    }
}

internal sealed class ModelPriceConfiguration : IEntityTypeConfiguration<ModelPrice>
{
    public void Configure(EntityTypeBuilder<ModelPrice> builder)
    {
        builder.ToTable("model_prices", table =>
        {
            table.HasCheckConstraint("ck_model_prices_input", "input_per_million >= 0");
            table.HasCheckConstraint("ck_model_prices_cached", "cached_input_per_million >= 0");
            table.HasCheckConstraint("ck_model_prices_cache_writes", "cache_write_per_million >= 0 AND long_cache_write_per_million >= 0");
            table.HasCheckConstraint("ck_model_prices_answer", "answer_per_million >= 0");
            table.HasCheckConstraint("ck_model_prices_reasoning", "reasoning_per_million >= 0");
        });
        builder.Property(price => price.Id).ValueGeneratedNever();
        builder.Property(price => price.Model).HasMaxLength(ModelPrice.MaxModelLength);
        builder.Property(price => price.Source).HasMaxLength(ModelPrice.MaxSourceLength);
        builder.HasIndex(price => new { price.Model, price.EffectiveFrom }).IsUnique().HasDatabaseName("ux_model_prices_model_effective");
        builder.HasMany(price => price.Images).WithOne().HasForeignKey(image => image.PriceId).OnDelete(DeleteBehavior.Restrict);
        builder.Navigation(price => price.Images).UsePropertyAccessMode(PropertyAccessMode.Field);
    }
}

internal sealed class ImagePriceConfiguration : IEntityTypeConfiguration<ImagePrice>
{
    public void Configure(EntityTypeBuilder<ImagePrice> builder)
    {
        builder.ToTable("image_prices", table => table.HasCheckConstraint("ck_image_prices_amount", "amount >= 0"));
        builder.HasKey(image => new { image.PriceId, image.Size, image.Quality });
        builder.Property(image => image.Size).HasMaxLength(ImagePrice.MaxWordLength);
        builder.Property(image => image.Quality).HasMaxLength(ImagePrice.MaxWordLength);
    }
}
