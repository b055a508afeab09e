"""Every bar that annotation must reach, measured in one go."""
