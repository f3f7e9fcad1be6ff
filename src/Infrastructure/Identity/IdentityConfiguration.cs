using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Identity;

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users", table => table.HasCheckConstraint("ck_users_tier", "tier >= 0 AND tier <= 5"));
        builder.Property(user => user.Id).ValueGeneratedNever();
        builder.Property(user => user.UserName).HasMaxLength(User.MaxNameLength);
        builder.Property(user => user.Email).HasMaxLength(User.MaxEmailLength);
        builder.Property(user => user.CommonName).HasMaxLength(User.MaxNameLength);
        builder.Property(user => user.Comment).HasMaxLength(User.MaxCommentLength);
        builder.HasIndex(user => user.Email).IsUnique().HasDatabaseName("ux_users_email");
        builder.Ignore(user => user.IsActiveAdministrator);
        builder.HasOne<Team>().WithMany().HasForeignKey(user => user.TeamId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class TeamConfiguration : IEntityTypeConfiguration<Team>
{
    public void Configure(EntityTypeBuilder<Team> builder)
    {
        builder.ToTable("teams");
        builder.Property(team => team.Id).ValueGeneratedNever();
        builder.Property(team => team.Name).HasMaxLength(Team.MaxNameLength);
        builder.Property(team => team.NormalisedName).HasMaxLength(Team.MaxNameLength);
        builder.HasIndex(team => team.NormalisedName).IsUnique().HasDatabaseName("ux_teams_name");
    }
}

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys");
        builder.Property(key => key.Id).ValueGeneratedNever();
        builder.Property(key => key.Hash).HasMaxLength(64).IsUnicode(false);
        builder.Property(key => key.Prefix).HasMaxLength(16).IsUnicode(false);
        builder.HasIndex(key => key.Hash).IsUnique().HasDatabaseName("ux_api_keys_hash");
        builder.HasOne<User>().WithMany().HasForeignKey(key => key.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class AccessTokenConfiguration : IEntityTypeConfiguration<AccessToken>
{
    public void Configure(EntityTypeBuilder<AccessToken> builder)
    {
        builder.ToTable("access_tokens", table => table.HasCheckConstraint("ck_access_tokens_tier", "tier >= 0 AND tier <= 5"));
        builder.Property(token => token.Id).ValueGeneratedNever();
        builder.Property(token => token.Hash).HasMaxLength(64).IsUnicode(false);
        builder.Property(token => token.Prefix).HasMaxLength(16).IsUnicode(false);
        builder.HasIndex(token => token.Hash).IsUnique().HasDatabaseName("ux_access_tokens_hash");
        builder.HasIndex(token => new { token.UserId, token.ExpiresAt }).HasDatabaseName("ix_access_tokens_user_expiry");
        builder.HasOne<User>().WithMany().HasForeignKey(token => token.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
