using AiPlatform.Domain.Gateway;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Gateway.Caching;

internal sealed class AnswerCacheRuleConfiguration : IEntityTypeConfiguration<AnswerCacheRule>
{
    public void Configure(EntityTypeBuilder<AnswerCacheRule> builder)
    {
        builder.ToTable("answer_cache_rules", table => table.HasCheckConstraint(
            "ck_answer_cache_rules_lifetime", $"lifetime_seconds >= 1 AND lifetime_seconds <= {AnswerCacheRule.MaxLifetimeSeconds}"));
        builder.HasKey(rule => rule.ApiKeyId);
        builder.Property(rule => rule.ApiKeyId).ValueGeneratedNever();
    }
}

internal sealed class CachedAnswerConfiguration : IEntityTypeConfiguration<CachedAnswer>
{
    public void Configure(EntityTypeBuilder<CachedAnswer> builder)
    {
        builder.ToTable("cached_answers", table => table.HasCheckConstraint("ck_cached_answers_lifetime", "expires_at > made_at"));
        builder.Property(answer => answer.Id).ValueGeneratedNever();
        builder.HasIndex(answer => answer.ExpiresAt).HasDatabaseName("ix_cached_answers_expiry");
        builder.HasIndex(answer => new { answer.UserId, answer.MadeAt }).HasDatabaseName("ix_cached_answers_user_made");
    }
}
