using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Identity;

internal sealed class UserBackupConfiguration : IEntityTypeConfiguration<UserBackup>
{
    public void Configure(EntityTypeBuilder<UserBackup> builder)
    {
        builder.ToTable("users_backup");
        builder.HasKey(backup => backup.UserId);
        builder.Property(backup => backup.UserId).ValueGeneratedNever();
        builder.Property(backup => backup.Username).HasMaxLength(User.MaxHandleLength);
        builder.Property(backup => backup.Email).HasMaxLength(User.MaxEmailLength);
    }
}
