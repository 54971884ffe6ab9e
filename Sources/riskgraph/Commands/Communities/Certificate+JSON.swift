import Communities

extension Certificate {
  var json: JSON {
    [
      "communities": JSON(communityCount), "disconnected": JSON(disconnectedCount),
      "fingerprint": JSON(fingerprint), "quality": JSON(qualityName), "value": JSON(quality),
      "insideShare": JSON(insideShare), "insideShareByChance": JSON(insideShareByChance),
      "seedAgreement": JSON(seedAgreement),
    ]
  }
}
