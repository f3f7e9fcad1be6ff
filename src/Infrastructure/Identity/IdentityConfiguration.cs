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
        builder.Property(user => user.Handle).HasMaxLength(User.MaxHandleLength);
        builder.Property(user => user.NormalisedHandle).HasMaxLength(User.MaxHandleLength);
        builder.Property(user => user.PasswordHash).HasMaxLength(User.MaxPasswordHashLength).IsUnicode(false);
        builder.Property(user => user.GoogleSubject).HasMaxLength(User.MaxSubjectLength);
        builder.HasIndex(user => user.Email).IsUnique().HasDatabaseName("ux_users_email");
        builder.HasIndex(user => user.NormalisedHandle).IsUnique().HasDatabaseName("ux_users_handle");
        builder.HasIndex(user => user.GoogleSubject).IsUnique().HasDatabaseName("ux_users_google");
        builder.HasOne(user => user.Numbering).WithOne().HasForeignKey<UserNumber>(number => number.UserId).OnDelete(DeleteBehavior.Restrict);
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
        builder.Property(team => team.Active).HasDefaultValue(true).HasSentinel(true);
        builder.Property(team => team.AdminEmail).HasMaxLength(User.MaxEmailLength);
        builder.Property(team => team.Phone).HasMaxLength(Team.MaxPhoneLength);
        builder.Property(team => team.BillingAddress).HasMaxLength(Team.MaxBillingAddressLength);
        builder.HasIndex(team => team.NormalisedName).IsUnique().HasDatabaseName("ux_teams_name");
        builder.HasIndex(team => team.AdminEmail).IsUnique().HasDatabaseName("ux_teams_admin_email");
        builder.HasOne(team => team.Numbering).WithOne().HasForeignKey<TeamNumber>(number => number.TeamId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class UserNumberConfiguration : IEntityTypeConfiguration<UserNumber>
{
    public void Configure(EntityTypeBuilder<UserNumber> builder)
    {
        builder.ToTable("user_numbers");
        builder.HasKey(number => number.Number);
        builder.Property(number => number.Number).ValueGeneratedOnAdd();
        builder.HasIndex(number => number.UserId).IsUnique().HasDatabaseName("ux_user_numbers_user");
    }
}

internal sealed class TeamNumberConfiguration : IEntityTypeConfiguration<TeamNumber>
{
    public void Configure(EntityTypeBuilder<TeamNumber> builder)
    {
        builder.ToTable("team_numbers");
        builder.HasKey(number => number.Number);
        builder.Property(number => number.Number).ValueGeneratedOnAdd();
        builder.HasIndex(number => number.TeamId).IsUnique().HasDatabaseName("ux_team_numbers_team");
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
        builder.Property(key => key.Suffix).HasMaxLength(16).IsUnicode(false);
        builder.Property(key => key.Name).HasMaxLength(ApiKey.MaxNameLength);
        builder.Property(key => key.SealedSecret).HasMaxLength(ApiKey.MaxSealedLength).IsUnicode(false);
        builder.Property(key => key.Active).HasDefaultValue(true).HasSentinel(true);
        builder.HasIndex(key => key.UserId).HasDatabaseName("ix_api_keys_user");
        builder.HasIndex(key => new { key.UserId, key.Kind, key.Name }).IsUnique().HasFilter($"kind = {(int)ApiKeyKind.Hexadecimal}")
            .HasDatabaseName("ux_api_keys_name");
        builder.HasIndex(key => key.UserId, "ux_api_keys_person").IsUnique().HasFilter($"kind = {(int)ApiKeyKind.Pe} AND revoked_at IS NULL");
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
