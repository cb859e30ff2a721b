/** Captions that the pipeline must not let through. */

/** Not English. */
export const FOREIGN = [
  'Ein rotes Boot liegt bei Sonnenuntergang auf dem ruhigen See.',
  'Zwei Bäume stehen neben einem kleinen Haus auf der Wiese.',
  'Das Porträt einer lächelnden Frau mit Brille und blauem Pullover.',
  'Un bateau rouge flotte sur la mer au coucher du soleil.',
  'Deux arbres se dressent à côté d’une petite maison dans la prairie.',
  'Le portrait d’un vieil homme souriant avec un chapeau vert.',
  'Un barco rojo navega por el mar tranquilo al atardecer.',
  'Retrato de una mujer joven con el pelo negro y gafas de sol.',
  'Una barca rossa sul lago calmo al tramonto.',
  'Um barco vermelho no mar calmo ao pôr do sol.',
  'Červená loďka pluje po klidném jezeře při západu slunce.',
  'Czerwona łódka płynie po spokojnym jeziorze o zachodzie słońca.',
  'Een rode boot vaart bij zonsondergang over het rustige meer.',
  'Красная лодка плывёт по спокойному озеру на закате.',
  '夕暮れの静かな湖に赤いボートが浮かんでいる。',
  '日落时分，一艘红色的小船停在平静的湖面上。',
];

/** A stand-in for harm: words that prompt-safety blocks, beside a harmless drawing. */
export const HARMFUL = [
  'Beside it lies a decapitated corpse in a pool of blood.',
  'A man is being tortured in front of it, graphic gore.',
  'In the foreground a mutilated body, entrails, extreme gore.',
];
