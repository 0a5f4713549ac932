package huaweicloud

// Open is New over another network.
var Open = open
